-- The number that the next revision of a product has. $1 product
SELECT COALESCE(max(number), 0) + 1 FROM product_revision WHERE product_id = $1;
