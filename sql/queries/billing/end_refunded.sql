-- Ends the purchase of an invoice as refunded, if it still runs: transition, event and notices; its drafts are given up.
-- One row when it ended. $1 enterprise_id, $2 invoice, $3 by whom, $4 reason, $5 now
WITH running AS MATERIALIZED (
    SELECT purchase.id, purchase.transition + 1 AS number, purchase.state, invoice.issuer_id
    FROM invoice
    JOIN purchase ON purchase.enterprise_id = invoice.enterprise_id AND purchase.id = invoice.purchase_id
    WHERE invoice.enterprise_id = $1 AND invoice.id = $2 AND purchase.state IN ('agreed', 'active')
    FOR UPDATE OF purchase
), moved AS (
    INSERT INTO purchase_transition (enterprise_id, purchase_id, number, from_state, to_state, party_id, reason, moved_at)
    SELECT $1, id, number, state, 'ended', $3, $4, $5 FROM running
), ended AS (
    UPDATE purchase SET state = 'ended', ended_as = 'refunded', ended_at = $5, transition = running.number
    FROM running WHERE purchase.enterprise_id = $1 AND purchase.id = running.id
    RETURNING purchase.id
), given_up AS (
    UPDATE invoice SET state = 'void', voided_at = $5, void_reason = $4
    FROM ended WHERE invoice.enterprise_id = $1 AND invoice.purchase_id = ended.id AND invoice.state = 'draft'
), told AS (
    INSERT INTO market_event (enterprise_id, id, type, purchase_id, subject_id, data, occurred_at)
    SELECT $1, uuid_of_time($5), 'purchase.ended', id, id, jsonb_build_object('ended_as', 'refunded', 'reason', $4::text), $5
    FROM ended
), noticed AS (
    INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
    SELECT uuid_of_time($5), side.party_id, 'purchase.ended', '/purchases/' || running.id, '采购已退款终止', 'A purchase ended as refunded', $5
    FROM running, LATERAL (VALUES ($1::uuid), (running.issuer_id)) AS side(party_id)
)
SELECT id FROM ended;
