-- How copies of a product are marked. $1 product, $2 none, name or order
UPDATE product SET watermark = $2 WHERE id = $1 AND watermark <> $2;
