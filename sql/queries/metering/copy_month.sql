-- The events of the month whose first day is in `datamarket.month`, as they are archived: the same texts that the table engine
-- makes of the archive for recalled_usage.
COPY (SELECT enterprise_id, to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), id, entitlement_id, meter,
        quantity, bytes, product_id, revision, to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), source,
        source_id, dimensions, value
    FROM usage_event
    WHERE occurred_at >= current_setting('datamarket.month')::date::timestamp AT TIME ZONE 'UTC'
        AND occurred_at < (current_setting('datamarket.month')::date + interval '1 month') AT TIME ZONE 'UTC'
    ORDER BY usage_event.enterprise_id, usage_event.occurred_at, usage_event.id, usage_event.meter)
TO STDOUT (FORMAT csv, FORCE_QUOTE *);
