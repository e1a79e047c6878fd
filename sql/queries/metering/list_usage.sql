-- Usage events of an entitlement, newest first: key and JSON per row.
-- $1 enterprise, $2 entitlement, $3 event id to start below or null, $4 limit
SELECT usage_event.id::text, json_build_object('id', usage_event.id, 'occurred_at', usage_event.occurred_at,
    'meter', usage_event.meter, 'quantity', usage_event.quantity, 'bytes', usage_event.bytes,
    'product', product.code, 'revision', usage_event.revision, 'recorded_at', usage_event.recorded_at,
    'source', name.source, 'source_id', name.id)::text
FROM usage_event JOIN product ON product.id = usage_event.product_id
LEFT JOIN usage_event_key AS name ON name.enterprise_id = usage_event.enterprise_id AND name.usage_event_id = usage_event.id
WHERE usage_event.enterprise_id = $1 AND usage_event.entitlement_id = $2
    AND ($3::uuid IS NULL OR usage_event.id < $3)
ORDER BY usage_event.id DESC LIMIT $4;
