-- Totals by meter of an entitlement, as JSON; no row: not the enterprise's own. From the totals of its days (of Beijing), and
-- from the events of what a range leaves open at its ends.
-- $1 enterprise, $2 entitlement, $3 of this meter only or null, $4 from and $5 until or null
WITH asked AS (
    SELECT COALESCE($4::timestamptz, '-infinity') AS since, COALESCE($5::timestamptz, 'infinity') AS before,
        legal_day(COALESCE($4::timestamptz, '-infinity') - interval '1 microsecond') + 1 AS first_day,
        legal_day(COALESCE($5::timestamptz, 'infinity')) AS end_day
), edge AS (
    SELECT since, LEAST(before, first_day::timestamp AT TIME ZONE 'Asia/Shanghai') AS before FROM asked
    UNION ALL
    SELECT GREATEST(since, first_day::timestamp AT TIME ZONE 'Asia/Shanghai', end_day::timestamp AT TIME ZONE 'Asia/Shanghai'),
        before
    FROM asked
), part AS (
    SELECT meter, events, quantity, bytes FROM usage_total JOIN asked ON day >= first_day AND day < end_day
    WHERE enterprise_id = $1 AND entitlement_id = $2 AND ($3::text IS NULL OR meter = $3)
    UNION ALL
    SELECT open.meter, 1, open.quantity, open.bytes FROM edge
    -- Once for each edge that there is, so that nothing else is read.
    CROSS JOIN LATERAL (SELECT meter, quantity, bytes FROM any_usage_event WHERE enterprise_id = $1 AND entitlement_id = $2
        AND occurred_at >= edge.since AND occurred_at < edge.before AND ($3::text IS NULL OR meter = $3) OFFSET 0) AS open
    WHERE edge.since < edge.before
)
SELECT COALESCE((
    SELECT json_agg(json_build_object('meter', meter, 'events', events, 'quantity', quantity, 'bytes', bytes)
        ORDER BY meter)
    FROM (SELECT meter, sum(events) AS events, sum(quantity) AS quantity, sum(bytes) AS bytes FROM part GROUP BY meter)
        AS totals), '[]'::json)::text
FROM entitlement WHERE enterprise_id = $1 AND id = $2;
