-- As find_own_product with its use class, and holds the product until the transaction ends, so that a listing and a new offer wait for each
-- other; purchases do not wait. $1 code, $2 party
SELECT product.id, product.listed_at IS NOT NULL AND product.delisted_at IS NULL, product.use_class
FROM product JOIN responsibility ON responsibility.subject_id = product.id AND responsibility.role = 'operator'
    AND upper_inf(responsibility.valid) AND upper_inf(responsibility.recorded)
WHERE product.code = $1 AND responsibility.party_id = $2
FOR NO KEY UPDATE OF product;
