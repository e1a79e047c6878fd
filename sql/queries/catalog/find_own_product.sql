-- The id of a product and whether it is listed; no row: the party does not operate it. $1 code, $2 party
SELECT product.id, product.listed_at IS NOT NULL AND product.delisted_at IS NULL
FROM product JOIN responsibility ON responsibility.subject_id = product.id AND responsibility.role = 'operator'
    AND upper_inf(responsibility.valid) AND upper_inf(responsibility.recorded)
WHERE product.code = $1 AND responsibility.party_id = $2;
