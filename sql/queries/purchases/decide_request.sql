-- Records the decision of a party on a locked request that waits for it, and moves the request: the last approval, a
-- rejection and a return do. No row: no decision of the party is open. The state it came into, null: others still decide.
-- $1 enterprise, $2 purchase, $3 party that decides, $4 decision, $5 reason, $6 who records it, $7 basis or null, $8 now
WITH decided AS (
    UPDATE purchase_decision SET decision = $4, reason = $5, decided_by = $6, basis = $7, decided_at = $8
    WHERE enterprise_id = $1 AND purchase_id = $2 AND party_id = $3 AND decision IS NULL AND round = (
        SELECT max(round) FROM purchase_decision WHERE enterprise_id = $1 AND purchase_id = $2)
    RETURNING id
), moving AS MATERIALIZED (
    SELECT decided.id AS decision_id, purchase.state, purchase.transition, purchase.offer_id, purchase.holds_place,
        CASE $4 WHEN 'reject' THEN 'rejected' WHEN 'return' THEN 'returned'
            ELSE CASE WHEN purchase.awaited = 1 THEN 'approved' END END AS to_state
    FROM purchase, decided WHERE purchase.enterprise_id = $1 AND purchase.id = $2 AND purchase.state = 'requested'
), moved AS (
    INSERT INTO purchase_transition (enterprise_id, purchase_id, number, from_state, to_state, party_id, reason, moved_at)
    SELECT $1, $2, transition + 1, state, to_state, $3, $5, $8 FROM moving WHERE to_state IS NOT NULL
), released AS (
    UPDATE offer_place SET taken = taken - 1 FROM moving
    WHERE offer_place.offer_id = moving.offer_id AND moving.holds_place AND moving.to_state = 'rejected'
), ended AS (
    UPDATE deadline SET state = CASE WHEN deadline.subject_id = moving.decision_id THEN 'met' ELSE 'void' END,
        ended_at = $8, paused_at = NULL
    FROM moving JOIN purchase_decision AS decision ON decision.enterprise_id = $1 AND decision.purchase_id = $2
        AND (decision.id = moving.decision_id OR moving.to_state IN ('rejected', 'returned'))
    WHERE deadline.subject_kind = 'purchase_decision' AND deadline.subject_id = decision.id
        AND deadline.state IN ('running', 'paused')
)
UPDATE purchase SET state = COALESCE(moving.to_state, purchase.state),
    transition = purchase.transition + (moving.to_state IS NOT NULL)::integer,
    awaited = CASE WHEN moving.to_state IS NULL THEN purchase.awaited - 1 ELSE 0 END,
    holds_place = purchase.holds_place AND moving.to_state IS DISTINCT FROM 'rejected'
FROM moving WHERE purchase.enterprise_id = $1 AND purchase.id = $2
RETURNING moving.to_state;
