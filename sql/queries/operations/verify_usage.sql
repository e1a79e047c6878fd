-- Every check of usage that single events are needed for, of some enterprises whose archived months are recalled: name, how many
-- were checked, how many are wrong, and the first that are. $1 after which enterprise_id, and $2 up to which; null: all
WITH event AS NOT MATERIALIZED (
    SELECT enterprise_id, occurred_at, id, entitlement_id, meter, quantity, bytes, revision, recorded_at, dimensions, value
    FROM any_usage_event
    WHERE ($1::uuid IS NULL OR enterprise_id > $1) AND ($2::uuid IS NULL OR enterprise_id <= $2)
), day AS (
    SELECT concat_ws(' ', 'entitlement', entitlement_id, meter, day) AS place,
        (total.events, total.quantity, total.bytes) IS DISTINCT FROM (counted.events, counted.quantity, counted.bytes) AS differs
    FROM (SELECT enterprise_id, entitlement_id, meter, day, events, quantity, bytes FROM usage_total
          WHERE ($1 IS NULL OR enterprise_id > $1) AND ($2 IS NULL OR enterprise_id <= $2)) AS total
    FULL JOIN (SELECT enterprise_id, entitlement_id, meter, legal_day(occurred_at) AS day, count(*) AS events,
                   sum(quantity) AS quantity, sum(bytes) AS bytes FROM event GROUP BY 1, 2, 3, 4) AS counted
        USING (enterprise_id, entitlement_id, meter, day)
), quarter AS (
    SELECT concat_ws(' ', 'entitlement', entitlement_id, meter, since) AS place,
        (total.events, total.quantity, total.least, total.most, total.latest, total.latest_at, total.latest_id)
        IS DISTINCT FROM (counted.events, counted.quantity, counted.least, counted.most, counted.latest, counted.latest_at,
            counted.latest_id) AS differs
    FROM (SELECT enterprise_id, entitlement_id, meter, since, dimensions, value, events, quantity, least, most, latest,
              latest_at, latest_id FROM usage_window
          WHERE ($1 IS NULL OR enterprise_id > $1) AND ($2 IS NULL OR enterprise_id <= $2)) AS total
    FULL JOIN (SELECT enterprise_id, entitlement_id, meter, date_bin('15 minutes', occurred_at, '2000-01-01T00:00:00Z') AS since,
                   dimensions, value, count(*) AS events, sum(quantity) AS quantity, min(quantity) AS least,
                   max(quantity) AS most, (array_agg(quantity ORDER BY occurred_at DESC, id DESC))[1] AS latest,
                   max(occurred_at) AS latest_at, (array_agg(id ORDER BY occurred_at DESC, id DESC))[1] AS latest_id
               FROM event GROUP BY 1, 2, 3, 4, 5, 6) AS counted
        USING (enterprise_id, entitlement_id, meter, since, dimensions, value)
), name AS (
    SELECT concat_ws(' ', 'event', usage_event_id) AS place, NOT EXISTS (SELECT FROM event
        WHERE event.enterprise_id = name.enterprise_id AND event.occurred_at = name.occurred_at
            AND event.id = name.usage_event_id) AS differs
    FROM usage_event_key AS name
    WHERE ($1 IS NULL OR enterprise_id > $1) AND ($2 IS NULL OR enterprise_id <= $2)
), right_time AS (
    SELECT concat_ws(' ', 'event', event.id) AS place, NOT entitlement.valid @> event.occurred_at
        -- A use that an end waited for comes after the moment that the end was asked for.
        OR COALESCE(event.occurred_at >= entitlement.ended_at + interval '1 minute', false) AS differs
    FROM event
    JOIN entitlement ON entitlement.enterprise_id = event.enterprise_id AND entitlement.id = event.entitlement_id
), delivered AS (
    SELECT concat_ws(' ', 'delivery', delivery.id) AS place, NOT EXISTS (SELECT FROM event
        WHERE event.enterprise_id = delivery.enterprise_id AND event.occurred_at = delivery.occurred_at
            AND event.id = delivery.id AND event.bytes = delivery.bytes
            AND event.entitlement_id = delivery.entitlement_id AND event.revision = delivery.revision) AS differs
    FROM delivery WHERE ($1 IS NULL OR enterprise_id > $1) AND ($2 IS NULL OR enterprise_id <= $2)
), invoiced AS (
    SELECT concat_ws(' ', 'invoice', usage.invoice_id, 'period', usage.period, usage.meter) AS place,
        (usage.digest, usage.events, usage.quantity) IS DISTINCT FROM (
            sha256(convert_to(COALESCE(string_agg(line || E'\n', '' ORDER BY line COLLATE "C"), ''), 'UTF8')),
            count(event.id), COALESCE(sum(event.quantity), 0)) AS differs
    FROM invoice_usage AS usage
    LEFT JOIN event ON event.enterprise_id = usage.enterprise_id AND event.entitlement_id = usage.entitlement_id
        AND event.meter = usage.meter AND event.occurred_at BETWEEN usage.first_at AND usage.last_at
        AND event.recorded_at <@ usage.recorded
    LEFT JOIN LATERAL usage_line(event.occurred_at, event.id, usage.period, event.meter, event.quantity) AS line ON true
    WHERE ($1 IS NULL OR usage.enterprise_id > $1) AND ($2 IS NULL OR usage.enterprise_id <= $2)
    GROUP BY usage.enterprise_id, usage.invoice_id, usage.period, usage.meter
)
SELECT 'usage totals are what a recount of the events gives', count(*), count(*) FILTER (WHERE differs),
    COALESCE((array_agg(place ORDER BY place) FILTER (WHERE differs))[1:10], '{}') FROM day
UNION ALL
SELECT 'usage by windows and dimensions is what a recount of the events gives', count(*), count(*) FILTER (WHERE differs),
    COALESCE((array_agg(place ORDER BY place) FILTER (WHERE differs))[1:10], '{}') FROM quarter
UNION ALL
SELECT 'names of reported uses belong to events that were counted', count(*), count(*) FILTER (WHERE differs),
    COALESCE((array_agg(place ORDER BY place) FILTER (WHERE differs))[1:10], '{}') FROM name
UNION ALL
SELECT 'usage was counted while its entitlement was in force', count(*), count(*) FILTER (WHERE differs),
    COALESCE((array_agg(place ORDER BY place) FILTER (WHERE differs))[1:10], '{}') FROM right_time
UNION ALL
SELECT 'deliveries were counted as a use, with the same bytes', count(*), count(*) FILTER (WHERE differs),
    COALESCE((array_agg(place ORDER BY place) FILTER (WHERE differs))[1:10], '{}') FROM delivered
UNION ALL
SELECT 'usage behind invoices is what was counted', count(*), count(*) FILTER (WHERE differs),
    COALESCE((array_agg(place ORDER BY place) FILTER (WHERE differs))[1:10], '{}') FROM invoiced;
