-- Entitlements of an enterprise, newest first: key and JSON per row. $1 enterprise, $2 id to start below or null,
-- $3 limit, $4 now
SELECT entitlement.id::text, json_build_object('id', entitlement.id, 'purchase', entitlement.purchase_id,
    'product', product.code, 'since', lower(entitlement.valid), 'until', LEAST(upper(entitlement.valid), entitlement.ended_at),
    'in_force', entitlement.valid @> $4::timestamptz AND entitlement.suspended_at IS NULL
        AND COALESCE(entitlement.ended_at > $4, true))::text
FROM entitlement JOIN product ON product.id = entitlement.product_id
WHERE entitlement.enterprise_id = $1 AND ($2::uuid IS NULL OR entitlement.id < $2)
ORDER BY entitlement.id DESC LIMIT $3;
