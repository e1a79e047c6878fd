-- What is known of entitlements whose use an operator reports, one row each: entitlement, enterprise, product, revision, from
-- when and until when it can be used, since when it is suspended or null. No row: none of its sales.
-- $1 entitlements, $2 operator, $3 now
WITH named AS MATERIALIZED (
    SELECT entitlement.enterprise_id, entitlement.id, entitlement.purchase_id, entitlement.product_id, entitlement.valid,
        entitlement.ended_at, entitlement.suspended_at
    FROM unnest($1::uuid[]) AS named (id)
    CROSS JOIN LATERAL (SELECT enterprise_id, id, purchase_id, product_id, valid, ended_at, suspended_at FROM entitlement
        WHERE entitlement.id = named.id OFFSET 0) AS entitlement
), sold AS MATERIALIZED (
    SELECT product.product_id FROM (SELECT DISTINCT product_id FROM named) AS product
    CROSS JOIN LATERAL (SELECT FROM responsibility AS held WHERE held.subject_id = product.product_id
        AND held.role IN ('operator', 'seller') AND held.party_id = $2 AND upper_inf(held.recorded)
        AND range_contains_elem(held.valid, $3::timestamptz) LIMIT 1) AS held
)
SELECT named.id, named.enterprise_id, named.product_id, purchase.revision, lower(named.valid),
    LEAST(upper(named.valid), named.ended_at, purchase.ended_at), named.suspended_at
FROM named JOIN sold USING (product_id)
CROSS JOIN LATERAL (SELECT revision, ended_at FROM purchase
    WHERE purchase.enterprise_id = named.enterprise_id AND purchase.id = named.purchase_id OFFSET 0) AS purchase;
