-- What a meter counted for entitlements in a range, by windows and groups, as JSON per row, in order of time: from the
-- totals of whole quarters of an hour, and from the events of what is left open at both ends ($10 after $11: of all of it).
-- $1 enterprise_ids, $2 their entitlements, $3 meter, $4 from, $5 until, $6 window (minute, hour, day, month) or null,
-- $7 time zone, $8 dimensions to group by, $9 whether to group by entitlement, $10 first whole quarter, $11 behind the last one,
-- $12 how to aggregate, $13 the values that dimensions must have {name: [value]}, $14 limit
WITH part AS (
    SELECT total.entitlement_id, total.since, total.dimensions, total.value, total.events, total.quantity, total.least,
        total.most, total.latest, total.latest_at, total.latest_id
    FROM unnest($1::uuid[], $2::uuid[]) AS asked (enterprise_id, entitlement_id)
    JOIN usage_window AS total ON total.enterprise_id = asked.enterprise_id
        AND total.entitlement_id = asked.entitlement_id AND total.meter = $3
        AND total.since >= $10::timestamptz AND total.since < $11::timestamptz
    UNION ALL
    SELECT event.entitlement_id, event.occurred_at, event.dimensions, event.value, 1, event.quantity, event.quantity,
        event.quantity, event.quantity, event.occurred_at, event.id
    FROM unnest($1::uuid[], $2::uuid[]) AS asked (enterprise_id, entitlement_id)
    CROSS JOIN (VALUES ($4::timestamptz, LEAST($5::timestamptz, GREATEST($10::timestamptz, $4::timestamptz))),
        (GREATEST($11::timestamptz, $10::timestamptz, $4::timestamptz), $5::timestamptz)) AS edge (since, before)
    -- Once for each edge that there is, so that nothing else is read.
    CROSS JOIN LATERAL (SELECT id, entitlement_id, occurred_at, dimensions, value, quantity FROM any_usage_event
        WHERE enterprise_id = asked.enterprise_id AND entitlement_id = asked.entitlement_id AND meter = $3
            AND occurred_at >= edge.since AND occurred_at < edge.before OFFSET 0) AS event
    WHERE edge.since < edge.before
), fitting AS (
    SELECT part.entitlement_id, CASE WHEN $6::text IS NOT NULL THEN date_trunc($6, part.since, $7::text) END AS since,
        CASE WHEN cardinality($8::text[]) > 0
            THEN (SELECT jsonb_object_agg(name, part.dimensions->>name) FROM unnest($8) AS name) END AS dimensions, part.value,
        part.events, part.quantity, part.least, part.most, part.latest, part.latest_at, part.latest_id
    FROM part
    WHERE $13::jsonb = '{}' OR NOT EXISTS (SELECT FROM jsonb_each($13::jsonb) AS wanted (name, choices)
        WHERE NOT COALESCE(wanted.choices ? (part.dimensions->>wanted.name), false))
), grouped AS (
    -- Each FILTER keeps from sorting what is not asked for.
    SELECT since, CASE WHEN $9::boolean THEN entitlement_id END AS subject, dimensions, CASE $12::text
            WHEN 'sum' THEN sum(quantity)
            WHEN 'count' THEN sum(events)
            WHEN 'unique_count' THEN count(DISTINCT value) FILTER (WHERE $12 = 'unique_count')
            WHEN 'average' THEN sum(quantity) / sum(events)
            WHEN 'minimum' THEN min(least)
            WHEN 'maximum' THEN max(most)
            ELSE (array_agg(latest ORDER BY latest_at DESC, latest_id DESC) FILTER (WHERE $12 = 'latest'))[1] END AS value,
        sum(events) AS events, min(latest_at) AS first_at
    FROM fitting GROUP BY 1, 2, 3
)
SELECT json_build_object('value', trim_scale(round(value, 9)), 'events', events,
    'windowStart', GREATEST(COALESCE(since, $4), $4), 'windowEnd', LEAST($5::timestamptz, COALESCE(
        ((since AT TIME ZONE $7) + ('1 ' || $6)::interval) AT TIME ZONE $7, $5)),
    'subject', subject, 'groupBy', COALESCE(dimensions, '{}'))::text
FROM grouped ORDER BY since, subject, dimensions LIMIT $14;
