-- Takes deliveries that are due and makes them due again when the lease ends, so that what a killed server held is repeated.
-- Of a purchase only the earliest event that a webhook still waits for; at most four of a webhook, and webhooks by turns, each
-- looked for after the one before: those that wait for nothing cost nothing. One row per delivery:
-- enterprise, webhook, event, number of the attempt, URL, secret, the secret before or null, and the event as JSON.
-- $1 now, $2 end of the lease, $3 how many at most, $4 webhooks that are busy, $5 address of the market, $6 webhook whose turn
-- came last
WITH RECURSIVE waiting AS (
    (SELECT webhook_id FROM webhook_delivery WHERE state = 'pending' AND webhook_id > $6 ORDER BY webhook_id LIMIT 1)
    UNION ALL
    SELECT (SELECT next.webhook_id FROM webhook_delivery AS next
        WHERE next.state = 'pending' AND next.webhook_id > waiting.webhook_id ORDER BY next.webhook_id LIMIT 1)
    FROM waiting WHERE waiting.webhook_id IS NOT NULL
), due AS MATERIALIZED (
    SELECT chosen.enterprise_id, chosen.webhook_id, chosen.event_id
    FROM waiting CROSS JOIN LATERAL (
        SELECT delivery.enterprise_id, delivery.webhook_id, delivery.event_id
        FROM webhook_delivery AS delivery
        WHERE delivery.webhook_id = waiting.webhook_id AND delivery.state = 'pending' AND delivery.due_at <= $1
            AND waiting.webhook_id <> ALL($4::uuid[])
            AND EXISTS (SELECT FROM webhook WHERE webhook.id = waiting.webhook_id AND webhook.state = 'active')
            AND NOT EXISTS (SELECT FROM webhook_delivery AS earlier
                WHERE earlier.webhook_id = delivery.webhook_id AND earlier.purchase_id = delivery.purchase_id
                    AND earlier.state = 'pending' AND earlier.enterprise_id = delivery.enterprise_id
                    AND (earlier.occurred_at, earlier.event_id) < (delivery.occurred_at, delivery.event_id))
        ORDER BY delivery.due_at LIMIT 4 FOR UPDATE SKIP LOCKED
    ) AS chosen
    LIMIT $3
), taken AS (
    UPDATE webhook_delivery AS delivery SET due_at = $2, attempts = delivery.attempts + 1, tried_at = $1
    FROM due
    WHERE delivery.enterprise_id = due.enterprise_id AND delivery.webhook_id = due.webhook_id
        AND delivery.event_id = due.event_id
    RETURNING delivery.enterprise_id, delivery.webhook_id, delivery.event_id, delivery.attempts
)
SELECT taken.enterprise_id, taken.webhook_id, taken.event_id, taken.attempts, webhook.url, webhook.secret,
    CASE WHEN webhook.old_secret_until > $1 THEN webhook.old_secret END,
    json_build_object('specversion', '1.0', 'id', event.id, 'source', $5::text, 'type', event.type,
        'subject', event.subject_id, 'time', event.occurred_at, 'datacontenttype', 'application/json',
        'data', event.data || jsonb_strip_nulls(jsonb_build_object('enterprise', party.code,
            'purchase', event.purchase_id,
            'state', CASE WHEN event.type LIKE 'purchase.%' THEN split_part(event.type, '.', 2) END,
            'reason', (SELECT moved.reason FROM purchase_transition AS moved
                WHERE event.type LIKE 'purchase.%' AND moved.enterprise_id = event.enterprise_id
                    AND moved.purchase_id = event.purchase_id AND moved.moved_at = event.occurred_at
                ORDER BY moved.number DESC LIMIT 1),
            'links', jsonb_build_object(
                'purchase', $5::text || '/v1/purchases/' || event.purchase_id,
                'receipt', $5::text || '/v1/purchases/' || event.purchase_id || '/receipt',
                'invoice', CASE WHEN event.type LIKE 'invoice.%' THEN $5::text || '/v1/invoices/' || event.subject_id END
            ))))::text
FROM taken JOIN webhook ON webhook.id = taken.webhook_id
JOIN market_event AS event ON event.enterprise_id = taken.enterprise_id AND event.id = taken.event_id
JOIN party ON party.id = event.enterprise_id;
