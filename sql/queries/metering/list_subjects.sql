-- The entitlements whose usage a party may ask for: enterprise and entitlement. An enterprise its own, an operator those of
-- the products that it operates or sells, across enterprises; of these only the named ones, if any are.
-- $1 enterprise_id or null, $2 operator or null, $3 entitlements or none, $4 now, $5 limit
SELECT entitlement.enterprise_id, entitlement.id FROM entitlement
WHERE ($1::uuid IS NULL OR entitlement.enterprise_id = $1)
    AND (cardinality($3::uuid[]) = 0 OR entitlement.id = ANY($3))
    AND ($2::uuid IS NULL OR EXISTS (SELECT FROM responsibility AS held WHERE held.subject_id = entitlement.product_id
        AND held.role IN ('operator', 'seller') AND held.party_id = $2 AND upper_inf(held.recorded)
        AND held.valid @> $4::timestamptz))
ORDER BY entitlement.id LIMIT $5;
