-- The next revision of a product, unless its newest one holds the same content in the same columns; answers the number of
-- a new one.
-- $1 product, $2 file name, $3 media type, $4 sha256, $5 rows, $6 columns, $7 source, $8 now, $9 keys
INSERT INTO product_revision (product_id, number, file_name, media_type, sha256, rows, columns, source, published_at, keys)
SELECT $1::uuid, COALESCE(newest.number, 0) + 1, $2, $3, $4, $5, $6::jsonb, $7::jsonb, $8, $9
FROM (SELECT 1) AS once
LEFT JOIN LATERAL (SELECT number, sha256, columns FROM product_revision
                   WHERE product_id = $1 ORDER BY number DESC LIMIT 1) AS newest ON true
WHERE (newest.sha256, newest.columns) IS DISTINCT FROM ($4, $6::jsonb)
RETURNING number;
