-- Remembers a revision as one file of a format, marked for an entitlement.
-- $1 enterprise, $2 entitlement, $3 product, $4 revision, $5 format, $6 sha256, $7 now
INSERT INTO entitlement_rendition (enterprise_id, entitlement_id, product_id, number, format, sha256, made_at)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (enterprise_id, entitlement_id, number, format) DO NOTHING;
