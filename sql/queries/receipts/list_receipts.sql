-- Receipts of a purchase, newest first. $1 enterprise, $2 purchase, $3 event to start before, $4 limit
SELECT event.id::text, json_build_object('id', event.id, 'type', event.type, 'subject', event.subject_id,
    'occurred_at', event.occurred_at, 'position', event.position, 'data', event.data)::text
FROM market_event AS event
WHERE event.enterprise_id = $1 AND event.purchase_id = $2 AND ($3::uuid IS NULL OR event.id < $3)
ORDER BY event.id DESC LIMIT $4;
