-- Hands events that nobody was told of to the webhooks that want them: to those of the enterprise, and of who sold the
-- product when it happened. One row: how many events were handed out. One server at a time, so that none overtakes another.
-- $1 now, $2 how many at most
WITH alone AS MATERIALIZED (
    SELECT pg_try_advisory_xact_lock(hashtextextended('webhooks/fan_out', 0)) AS yes
), untold AS MATERIALIZED (
    SELECT enterprise_id, id, type, purchase_id, occurred_at FROM market_event
    WHERE told_at IS NULL AND (SELECT yes FROM alone)
    ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED
), told AS (
    UPDATE market_event SET told_at = $1 FROM untold
    WHERE market_event.enterprise_id = untold.enterprise_id AND market_event.id = untold.id
), listener AS (
    SELECT untold.enterprise_id, untold.id, untold.enterprise_id AS party_id FROM untold
    UNION
    SELECT untold.enterprise_id, untold.id, sold.party_id
    FROM untold
    JOIN purchase ON purchase.enterprise_id = untold.enterprise_id AND purchase.id = untold.purchase_id
    JOIN responsibility AS sold ON sold.product_id = purchase.product_id AND sold.role = 'seller'
        AND sold.valid @> untold.occurred_at AND upper_inf(sold.recorded)
    WHERE EXISTS (SELECT FROM webhook)
), handed AS (
    INSERT INTO webhook_delivery (enterprise_id, webhook_id, event_id, purchase_id, occurred_at, state, due_at)
    SELECT untold.enterprise_id, webhook.id, untold.id, untold.purchase_id, untold.occurred_at, 'pending', $1
    FROM untold JOIN listener USING (enterprise_id, id)
    JOIN webhook ON webhook.party_id = listener.party_id AND webhook.state <> 'gone'
        AND (webhook.types IS NULL OR untold.type = ANY(webhook.types))
)
SELECT count(*) FROM untold;
