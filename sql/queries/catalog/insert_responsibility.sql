-- Makes a party answer for a product in a role from now on, unless one does already.
-- $1 id, $2 party, $3 role, $4 product, $5 now, $6 basis, $7 SHA-256 of the basis
INSERT INTO responsibility (id, party_id, role, product_id, valid, recorded, basis, basis_sha256)
VALUES ($1, $2, $3, $4, tstzrange($5, NULL), tstzrange($5, NULL), $6, $7)
ON CONFLICT DO NOTHING;
