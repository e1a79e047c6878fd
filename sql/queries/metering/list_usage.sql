-- Usage events of an entitlement, newest first: key (time, id) and JSON per row.
-- $1 enterprise, $2 entitlement, $3 time and $4 event id to start below or null, $5 limit
SELECT to_json(usage_event.occurred_at)::text || ' ' || usage_event.id, json_build_object('id', usage_event.id,
    'occurred_at', usage_event.occurred_at, 'meter', usage_event.meter, 'quantity', usage_event.quantity,
    'bytes', usage_event.bytes, 'product', product.code, 'revision', usage_event.revision,
    'recorded_at', usage_event.recorded_at, 'source', name.source, 'source_id', name.id)::text
FROM usage_event JOIN product ON product.id = usage_event.product_id
LEFT JOIN LATERAL (SELECT source, id FROM usage_event_key WHERE usage_event_key.enterprise_id = usage_event.enterprise_id
    AND usage_event_key.usage_event_id = usage_event.id OFFSET 0) AS name ON true
WHERE usage_event.enterprise_id = $1 AND usage_event.entitlement_id = $2
    AND usage_event.occurred_at <= COALESCE($3::timestamptz, 'infinity')
    AND ($3::timestamptz IS NULL OR (usage_event.occurred_at, usage_event.id) < ($3, $4::uuid))
ORDER BY usage_event.occurred_at DESC, usage_event.id DESC LIMIT $5;
