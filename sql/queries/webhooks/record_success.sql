-- Records that a delivery arrived; no row when another attempt was begun since.
-- $1 enterprise, $2 webhook, $3 event, $4 attempt, $5 status, $6 answer
WITH done AS (
    UPDATE webhook_delivery SET state = 'delivered', status = $5, answer = $6, failure = NULL
    WHERE enterprise_id = $1 AND webhook_id = $2 AND event_id = $3 AND attempts = $4 AND state = 'pending'
    RETURNING webhook_id
), well AS (
    UPDATE webhook SET failing_since = NULL FROM done WHERE webhook.id = done.webhook_id AND failing_since IS NOT NULL
)
SELECT true FROM done;
