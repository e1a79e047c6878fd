-- A revision of a listed product as JSON; no row: no such revision of one. $1 product code, $2 number, or null for the newest
SELECT (shown.document || jsonb_build_object('product', product.code))::text
FROM product JOIN revision_document AS shown ON shown.product_id = product.id
WHERE product.code = $1 AND product.listed_at IS NOT NULL AND product.delisted_at IS NULL AND shown.number = COALESCE($2,
    (SELECT max(number) FROM product_revision WHERE product_revision.product_id = product.id));
