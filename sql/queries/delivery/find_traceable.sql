-- A revision as a table: product, schema, and its parts in order, as SHA-256 in hexadecimal; no row: it is none.
-- $1 product code, $2 revision or null for the newest
SELECT product.id, made.schema, ARRAY(SELECT encode(part.sha256, 'hex') FROM revision_part AS part
    WHERE part.product_id = made.product_id AND part.number = made.number AND part.kind = 'rows' ORDER BY part.place)
FROM product JOIN revision_table AS made ON made.product_id = product.id
WHERE product.code = $1 AND ($2::integer IS NULL OR made.number = $2)
ORDER BY made.number DESC LIMIT 1;
