-- Makes a party answer for a directory entry or a product in a role over a period; answers the new id. No row: another
-- party does at some time of the period. $1 id, $2 party, $3 role, $4 code of the entry or product, $5 since,
-- $6 until or null, $7 basis, $8 SHA-256 of the basis, $9 now
WITH made AS (
    INSERT INTO responsibility (id, party_id, role, entry_id, product_id, valid, recorded, basis, basis_sha256)
    SELECT $1, $2, $3, entry.id, CASE WHEN entry.id IS NULL THEN product.id END, tstzrange($5, $6), tstzrange($9, NULL), $7, $8
    FROM (SELECT $4::text AS code) AS named
    LEFT JOIN directory_entry AS entry ON entry.code = named.code
    LEFT JOIN product ON product.code = named.code
    ON CONFLICT DO NOTHING
    RETURNING id, subject_id
), noted AS (
    INSERT INTO search_pending (kind, subject_id) SELECT 'subject', subject_id FROM made
)
SELECT id FROM made;
