-- A draft of a credential of a product; none when one of its kind is being applied for. $1 id, $2 product, $3 kind,
-- $4 holder, $5 issuer's code, $6 now
INSERT INTO credential (id, product_id, kind, procedure, max_years, holder_id, issuer_id, state, recorded_at)
SELECT $1, $2, credential_kind.kind, credential_kind.procedure, credential_kind.max_years, $4, party.id, 'draft', $6
FROM credential_kind, party WHERE credential_kind.kind = $3 AND party.code = $5
ON CONFLICT DO NOTHING;
