-- The marks of all who may hold copies of a product: entitlement, enterprise's code, mark, seed. $1 product
SELECT entitlement.id, party.code, mark.mark, encode(mark.seed, 'hex')
FROM entitlement JOIN entitlement_mark AS mark
    ON mark.enterprise_id = entitlement.enterprise_id AND mark.entitlement_id = entitlement.id
JOIN party ON party.id = entitlement.enterprise_id
WHERE entitlement.product_id = $1 ORDER BY mark.mark;
