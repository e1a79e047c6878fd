-- Usage events of an entitlement, newest first, one row for each meter: key (time, id, meter) and JSON per row.
-- $1 enterprise, $2 entitlement, $3 time, $4 event id and $5 meter to start below or null, $6 of this meter only or null, $7 from
-- and $8 until or null, $9 limit
SELECT to_json(usage_event.occurred_at)::text || ' ' || usage_event.id || ' ' || usage_event.meter, json_build_object(
    'id', usage_event.id, 'occurred_at', usage_event.occurred_at, 'meter', usage_event.meter,
    'quantity', usage_event.quantity, 'bytes', usage_event.bytes, 'product', product.code, 'revision', usage_event.revision,
    'recorded_at', usage_event.recorded_at, 'source', usage_event.source, 'source_id', usage_event.source_id,
    'dimensions', usage_event.dimensions, 'value', NULLIF(usage_event.value, ''))::text
FROM any_usage_event AS usage_event JOIN product ON product.id = usage_event.product_id
WHERE usage_event.enterprise_id = $1 AND usage_event.entitlement_id = $2
    AND usage_event.occurred_at <= COALESCE($3::timestamptz, 'infinity')
    AND ($3::timestamptz IS NULL
        OR (usage_event.occurred_at, usage_event.id, usage_event.meter) < ($3, $4::uuid, $5::text))
    AND ($6::text IS NULL OR usage_event.meter = $6)
    AND usage_event.occurred_at >= COALESCE($7::timestamptz, '-infinity')
    AND usage_event.occurred_at < COALESCE($8::timestamptz, 'infinity')
ORDER BY usage_event.occurred_at DESC, usage_event.id DESC, usage_event.meter DESC LIMIT $9;
