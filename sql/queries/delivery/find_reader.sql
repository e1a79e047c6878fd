-- The entitlement of an enterprise by which it reads a product: of those in force now the one that holds longest, else the
-- latest; no row: it has none. $1 enterprise, $2 product code, $3 now
SELECT entitlement.id FROM product
JOIN entitlement ON entitlement.enterprise_id = $1 AND entitlement.product_id = product.id
WHERE product.code = $2
ORDER BY entitlement.valid @> $3::timestamptz AND entitlement.suspended_at IS NULL
    AND COALESCE(entitlement.ended_at > $3, true) DESC, upper(entitlement.valid) DESC, entitlement.id LIMIT 1;
