-- Whether a product has an offer with a code, standing or withdrawn. $1 code, $2 product
SELECT EXISTS (SELECT FROM offer WHERE code = $1 AND product_id = $2);
