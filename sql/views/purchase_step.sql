-- The steps of the funnel that transitions of purchases are: a request, which every purchase begins with, and an agreement.
CREATE OR REPLACE VIEW purchase_step AS
SELECT moved.enterprise_id, moved.purchase_id, moved.number, taken.step, purchase.product_id, purchase.revision,
    taken.happened_at, taken.recorded_at
FROM purchase_transition AS moved
JOIN purchase ON purchase.enterprise_id = moved.enterprise_id AND purchase.id = moved.purchase_id
CROSS JOIN LATERAL (
    SELECT 'requested' AS step, purchase.requested_at AS happened_at,
        CASE WHEN moved.to_state = 'requested' THEN moved.moved_at
            ELSE GREATEST(purchase.recorded_at, purchase.requested_at) END AS recorded_at
    WHERE moved.number = 1
    UNION ALL
    SELECT 'agreed', purchase.accepted_at, GREATEST(purchase.recorded_at, purchase.accepted_at)
    WHERE moved.to_state IN ('agreed', 'active') AND moved.from_state IS DISTINCT FROM 'agreed'
) AS taken;
