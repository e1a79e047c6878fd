-- Whose purchase it is, if a party may read its receipts: the buyer, or who answers for the product as operator or seller.
-- $1 party, $2 purchase
SELECT enterprise_id FROM purchase WHERE enterprise_id = $1 AND id = $2
UNION ALL
SELECT purchase.enterprise_id
FROM product
JOIN purchase ON purchase.product_id = product.id AND purchase.id = $2
WHERE EXISTS (SELECT FROM responsibility WHERE responsibility.subject_id = product.id
    AND responsibility.role IN ('operator', 'seller') AND responsibility.party_id = $1
    AND upper_inf(responsibility.valid) AND upper_inf(responsibility.recorded))
LIMIT 1;
