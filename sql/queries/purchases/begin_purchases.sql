-- Moves agreed purchases whose use begins to active, across enterprises. One row each: enterprise_id, purchase and the number
-- of its transition. $1 now, $2 limit
WITH due AS MATERIALIZED (
    SELECT enterprise_id, id, transition FROM purchase
    WHERE state = 'agreed' AND lower(wanted) <= $1
    ORDER BY lower(wanted) LIMIT $2
    FOR NO KEY UPDATE SKIP LOCKED
), moved AS (
    INSERT INTO purchase_transition (enterprise_id, purchase_id, number, from_state, to_state, reason, moved_at)
    SELECT enterprise_id, id, transition + 1, 'agreed', 'active', 'The period of use has begun.', $1 FROM due
)
UPDATE purchase SET state = 'active', transition = due.transition + 1
FROM due WHERE purchase.enterprise_id = due.enterprise_id AND purchase.id = due.id
RETURNING purchase.enterprise_id, purchase.id, purchase.transition;
