-- Makes deliveries that ended wait again, from the first attempt on; one row: whether the party has the webhook, and how many.
-- Statements on an enterprise's deliveries find them by the webhook; enterprise_id goes with each.
-- $1 party, $2 webhook, $3 event or null, $4 from, $5 until or null (of when it happened), $6 types or null, $7 now
WITH own AS (
    SELECT id FROM webhook WHERE party_id = $1 AND id = $2
), again AS (
    UPDATE webhook_delivery AS delivery SET state = 'pending', attempts = 0, due_at = $7, status = NULL, answer = NULL,
        failure = NULL
    FROM own, market_event AS event
    WHERE delivery.webhook_id = own.id AND delivery.state <> 'pending'
        AND event.enterprise_id = delivery.enterprise_id AND event.id = delivery.event_id
        AND ($3::uuid IS NULL OR delivery.event_id = $3)
        AND ($4::timestamptz IS NULL OR delivery.occurred_at >= $4)
        AND ($5::timestamptz IS NULL OR delivery.occurred_at < $5)
        AND ($6::text[] IS NULL OR event.type = ANY($6))
    RETURNING 1
)
SELECT EXISTS (SELECT FROM own), (SELECT count(*) FROM again);
