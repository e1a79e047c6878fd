-- What is known of entitlements whose use an operator reports, one row each: entitlement, enterprise, product, revision, from
-- when and until when it can be used, since when it is suspended or null. No row: none of its sales.
-- $1 entitlements, $2 operator, $3 now
SELECT entitlement.id, entitlement.enterprise_id, entitlement.product_id, purchase.revision, lower(entitlement.valid),
    LEAST(upper(entitlement.valid), entitlement.ended_at, purchase.ended_at), entitlement.suspended_at
FROM unnest($1::uuid[]) AS named (id)
CROSS JOIN LATERAL (SELECT enterprise_id, id, purchase_id, product_id, valid, ended_at, suspended_at FROM entitlement
    WHERE entitlement.id = named.id OFFSET 0) AS entitlement
JOIN purchase ON purchase.enterprise_id = entitlement.enterprise_id AND purchase.id = entitlement.purchase_id
WHERE EXISTS (SELECT FROM responsibility AS held WHERE held.subject_id = entitlement.product_id
    AND held.role IN ('operator', 'seller') AND held.party_id = $2 AND upper_inf(held.recorded)
    AND range_contains_elem(held.valid, $3::timestamptz));
