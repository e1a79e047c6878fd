-- Ends a locked purchase at once, whatever it waits for: its right, its place unless it was active, and the duties to decide
-- on it end with it. No row: it ended before. The number of the transition.
-- $1 enterprise, $2 purchase, $3 ended as, $4 party or null, $5 reason, $6 document or null, $7 now
WITH moving AS MATERIALIZED (
    SELECT state, transition, offer_id, holds_place AND state <> 'active' AS gives_back
    FROM purchase WHERE enterprise_id = $1 AND id = $2 AND state NOT IN ('ended', 'rejected')
), moved AS (
    INSERT INTO purchase_transition (enterprise_id, purchase_id, number, from_state, to_state, party_id, reason, document,
        moved_at)
    SELECT $1, $2, transition + 1, state, 'ended', $4, $5, $6, $7 FROM moving
), released AS (
    UPDATE offer_place SET taken = taken - 1 FROM moving
    WHERE offer_place.offer_id = moving.offer_id AND moving.gives_back
), closed AS (
    UPDATE entitlement SET ended_at = LEAST($7, upper(valid)) FROM moving
    WHERE entitlement.enterprise_id = $1 AND entitlement.purchase_id = $2
), ended AS (
    UPDATE deadline SET state = 'void', ended_at = $7, paused_at = NULL
    FROM moving JOIN purchase_decision AS decision ON decision.enterprise_id = $1 AND decision.purchase_id = $2
    WHERE deadline.subject_kind = 'purchase_decision' AND deadline.subject_id = decision.id
        AND deadline.state IN ('running', 'paused')
)
UPDATE purchase SET state = 'ended', transition = purchase.transition + 1, ended_at = $7, ended_as = $3, awaited = 0,
    holds_place = purchase.holds_place AND NOT moving.gives_back
FROM moving WHERE purchase.enterprise_id = $1 AND purchase.id = $2
RETURNING purchase.transition;
