-- Reported events of entitlements as CloudEvents with what was counted of their data, newest first: JSON and time per row.
-- $1 enterprise_ids, $2 their entitlements, $3 from and $4 until or null, $5 recorded from and $6 until or null, $7 what its source
-- calls it or null, $8 limit
SELECT json_build_object('event', json_build_object('specversion', '1.0', 'id', event.source_id, 'source', event.source,
        'type', event.type, 'subject', asked.entitlement_id, 'time', event.occurred_at, 'data', event.data),
    'ingestedAt', event.recorded_at, 'storedAt', event.recorded_at)::text,
    event.occurred_at::text
FROM unnest($1::uuid[], $2::uuid[]) AS asked (enterprise_id, entitlement_id)
CROSS JOIN LATERAL (
    SELECT use.occurred_at, use.id, min(use.source) AS source, min(use.source_id) AS source_id,
        min(use.recorded_at) AS recorded_at, min(meter.event_type) AS type,
        jsonb_build_object('bytes', min(use.bytes)) || COALESCE(jsonb_object_agg(meter.value, CASE
            WHEN meter.aggregation = 'unique_count' THEN to_jsonb(use.value) ELSE to_jsonb(use.quantity) END)
            FILTER (WHERE meter.value IS NOT NULL), '{}') || (array_agg(use.dimensions ORDER BY use.dimensions DESC))[1] AS data
    FROM any_usage_event AS use JOIN meter ON meter.code = use.meter
    WHERE use.enterprise_id = asked.enterprise_id AND use.entitlement_id = asked.entitlement_id AND use.source IS NOT NULL
        AND use.occurred_at >= COALESCE($3::timestamptz, '-infinity') AND use.occurred_at < COALESCE($4::timestamptz, 'infinity')
        AND use.recorded_at >= COALESCE($5::timestamptz, '-infinity')
        AND use.recorded_at < COALESCE($6::timestamptz, 'infinity')
        AND ($7::text IS NULL OR use.source_id = $7)
    GROUP BY use.occurred_at, use.id ORDER BY use.occurred_at DESC, use.id DESC LIMIT $8) AS event
ORDER BY event.occurred_at DESC, event.id DESC LIMIT $8;
