-- The id of a product; no row: unknown. $1 code
SELECT id FROM product WHERE code = $1;
