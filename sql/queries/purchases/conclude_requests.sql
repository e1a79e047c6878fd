-- Concludes the agreements of approved requests whose offers nothing keeps from it: agreed, and active when the use begins,
-- with entitlement and grants. A declared statement across enterprises unless an enterprise_id is given. One row each:
-- enterprise, purchase and the number of its first transition.
-- $1 enterprise or null, $2 purchase or null, $3 now, $4 limit
WITH ready AS MATERIALIZED (
    SELECT purchase.enterprise_id, purchase.id, purchase.offer_id, purchase.product_id, purchase.transition,
        offer.trial_days, uuid7($3, 0) AS entitlement_id, lower(purchase.wanted) <= $3 AS begun,
        tstzrange(GREATEST(lower(purchase.wanted), $3), upper(purchase.wanted)) AS valid
    FROM purchase JOIN offer ON offer.id = purchase.offer_id
    WHERE purchase.state = 'approved' AND ($1::uuid IS NULL OR purchase.enterprise_id = $1)
        AND ($2::uuid IS NULL OR purchase.id = $2) AND upper(purchase.wanted) > $3
        AND NOT EXISTS (SELECT FROM offer_obstacle(offer.id, offer.product_id, $3))
    ORDER BY purchase.enterprise_id, purchase.id LIMIT $4
    FOR NO KEY UPDATE OF purchase SKIP LOCKED
), moved AS (
    INSERT INTO purchase_transition (enterprise_id, purchase_id, number, from_state, to_state, reason, moved_at)
    SELECT enterprise_id, id, transition + 1, 'approved', 'agreed', 'Everyone who decides has approved.', $3 FROM ready
    UNION ALL
    SELECT enterprise_id, id, transition + 2, 'agreed', 'active', 'The period of use has begun.', $3 FROM ready WHERE begun
), entitled AS (
    INSERT INTO entitlement (enterprise_id, id, purchase_id, product_id, valid)
    SELECT enterprise_id, entitlement_id, id, product_id, valid FROM ready
), granted AS (
    INSERT INTO entitlement_grant (enterprise_id, entitlement_id, meter, id, quantity, period, hard, carry_over, priority,
        valid, since, granted_at)
    SELECT ready.enterprise_id, ready.entitlement_id, quota.meter, gen_random_uuid(), quota.quantity, quota.period,
        quota.hard, quota.carry_over, 100, quota.valid, lower(quota.valid), $3
    FROM ready, quota_period(ready.offer_id, ready.valid, ready.trial_days) AS quota
)
UPDATE purchase SET state = CASE WHEN ready.begun THEN 'active' ELSE 'agreed' END,
    transition = ready.transition + 1 + ready.begun::integer, accepted_at = $3, recorded_at = $3
FROM ready WHERE purchase.enterprise_id = ready.enterprise_id AND purchase.id = ready.id
RETURNING purchase.enterprise_id, purchase.id, ready.transition + 1;
