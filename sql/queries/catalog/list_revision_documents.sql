-- The revisions of a listed product, newest first: key (number) and JSON per row. $1 product code, $2 number to start below or
-- null, $3 limit
SELECT shown.number::text, shown.document::text
FROM product JOIN revision_document AS shown ON shown.product_id = product.id
WHERE product.code = $1 AND product.listed_at IS NOT NULL AND product.delisted_at IS NULL
    AND ($2::bigint IS NULL OR shown.number < $2)
ORDER BY shown.number DESC LIMIT $3;
