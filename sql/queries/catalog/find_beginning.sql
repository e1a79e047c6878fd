-- How the newest revision's content of a listed product begins, whether that is all of it, and the columns whose values are
-- not shown; no row: the product is not listed, or its content is no table. $1 product code, $2 bytes at most
SELECT substring(chunk.bytes FROM 1 FOR $2::integer), content.bytes <= $2, personal_columns(product.id, revision.number)
FROM product
JOIN LATERAL (SELECT number, sha256, media_type FROM product_revision
              WHERE product_id = product.id ORDER BY number DESC LIMIT 1) AS revision ON true
JOIN content ON content.sha256 = revision.sha256
JOIN content_chunk AS chunk ON chunk.sha256 = revision.sha256 AND chunk.number = 0
WHERE product.code = $1 AND product.listed_at IS NOT NULL AND product.delisted_at IS NULL
    AND revision.media_type LIKE 'text/csv%';
