-- Remembers a revision as one file of a format. $1 product, $2 revision, $3 format, $4 sha256, $5 now
INSERT INTO revision_rendition (product_id, number, format, sha256, made_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (product_id, number, format) DO NOTHING;
