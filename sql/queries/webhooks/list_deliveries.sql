-- What a webhook was told or is to be told, newest first: key and JSON per row; across the enterprises that it hears of, by
-- enterprise_id of each. $1 party, $2 webhook, $3 state or null, $4 event id to start below or null, $5 limit
SELECT delivery.event_id::text, json_build_object('id', delivery.event_id, 'type', event.type,
    'purchase', delivery.purchase_id, 'occurred_at', delivery.occurred_at, 'state', delivery.state,
    'attempts', delivery.attempts, 'due_at', CASE delivery.state WHEN 'pending' THEN delivery.due_at END,
    'tried_at', delivery.tried_at, 'status', delivery.status, 'answer', delivery.answer, 'failure', delivery.failure)::text
FROM webhook JOIN webhook_delivery AS delivery ON delivery.webhook_id = webhook.id
JOIN market_event AS event ON event.enterprise_id = delivery.enterprise_id AND event.id = delivery.event_id
WHERE webhook.party_id = $1 AND webhook.id = $2 AND ($3::text IS NULL OR delivery.state = $3)
    AND ($4::uuid IS NULL OR delivery.event_id < $4)
ORDER BY delivery.event_id DESC LIMIT $5;
