-- Puts a locked request that was returned back to those who decide, with what the buyer states now; they decide anew.
-- $1 enterprise, $2 purchase, $3 purpose, $4 scope, $5 place, $6 from, $7 until, $8 retention in days, $9 qualifications,
-- $10 now
WITH moving AS MATERIALIZED (
    SELECT purchase.offer_id, purchase.product_id, purchase.revision, purchase.transition
    FROM purchase WHERE enterprise_id = $1 AND id = $2 AND state = 'returned'
), decider AS MATERIALIZED (
    SELECT decider.party_id, decider.role, gen_random_uuid() AS id
    FROM moving, purchase_decider(moving.offer_id, moving.product_id, moving.revision, $10) AS decider
), moved AS (
    INSERT INTO purchase_transition (enterprise_id, purchase_id, number, from_state, to_state, party_id, reason, moved_at)
    SELECT $1, $2, transition + 1, 'returned', 'requested', $1, $4, $10 FROM moving
), asked AS (
    INSERT INTO purchase_decision (enterprise_id, purchase_id, round, party_id, id, role)
    SELECT $1, $2, 2, party_id, id, role FROM decider
), due AS (
    INSERT INTO deadline (id, rule, party_id, subject_kind, subject_id, subject_code, began_at, due_on, state)
    SELECT uuid7($10, 0), 'purchase_decision', party_id, 'purchase_decision', id, $2::text, $10,
        due_on('purchase_decision', $10), 'running'
    FROM decider WHERE due_on('purchase_decision', $10) IS NOT NULL
)
UPDATE purchase SET state = 'requested', transition = purchase.transition + 1, awaited = (SELECT count(*) FROM decider),
    purpose = $3, scope = $4, place = $5, wanted = CASE WHEN $6::timestamptz < $7::timestamptz THEN tstzrange($6, $7) END, retention_days = $8, qualifications = $9
FROM moving WHERE purchase.enterprise_id = $1 AND purchase.id = $2
RETURNING purchase.id;
