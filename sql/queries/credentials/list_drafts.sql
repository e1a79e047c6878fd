-- The drafts of a product's credentials: id and kind. $1 product
SELECT id, kind FROM credential WHERE product_id = $1 AND state = 'draft';
