-- Counts usage events, a row for each meter, and adds them to the totals of their days and quarters of an hour.
-- $1 enterprises, $2 when they occurred, $3 ids, $4 entitlements, $5 meters, $6 quantities, $7 bytes, $8 products,
-- $9 revisions, $10 dimensions as JSON or null, $11 unique values, $12 sources, $13 what the sources call them, $14 now
WITH counted AS MATERIALIZED (
    SELECT enterprise_id, occurred_at, id, entitlement_id, meter, quantity, bytes, product_id, revision,
        COALESCE(dimensions, '{}') AS dimensions, value, source, source_id
    FROM unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::uuid[], $5::text[], $6::numeric[], $7::bigint[], $8::uuid[],
        $9::integer[], $10::jsonb[], $11::text[], $12::text[], $13::text[])
        AS counted (enterprise_id, occurred_at, id, entitlement_id, meter, quantity, bytes, product_id, revision, dimensions,
            value, source, source_id)
), quarter AS MATERIALIZED (
    SELECT enterprise_id, entitlement_id, meter, date_bin('15 minutes', occurred_at, '2000-01-01T00:00:00Z') AS since,
        dimensions, value, count(*) AS events, sum(quantity) AS quantity, sum(bytes) AS bytes, min(quantity) AS least,
        max(quantity) AS most, (array_agg(quantity ORDER BY occurred_at DESC, id DESC))[1] AS latest,
        max(occurred_at) AS latest_at, (array_agg(id ORDER BY occurred_at DESC, id DESC))[1] AS latest_id
    FROM counted GROUP BY 1, 2, 3, 4, 5, 6
), totalled AS (
    -- No day begins within a quarter.
    INSERT INTO usage_total AS total (enterprise_id, entitlement_id, meter, day, events, quantity, bytes)
    SELECT enterprise_id, entitlement_id, meter, legal_day(since) AS day, sum(events), sum(quantity), sum(bytes) FROM quarter
    GROUP BY enterprise_id, entitlement_id, meter, day ORDER BY enterprise_id, entitlement_id, meter, day
    ON CONFLICT (enterprise_id, entitlement_id, meter, day) DO UPDATE SET events = total.events + excluded.events,
        quantity = total.quantity + excluded.quantity, bytes = total.bytes + excluded.bytes
), windowed AS (
    INSERT INTO usage_window AS total (enterprise_id, entitlement_id, meter, since, dimensions, value, events, quantity, least,
        most, latest, latest_at, latest_id)
    SELECT enterprise_id, entitlement_id, meter, since, dimensions, value, events, quantity, least, most, latest, latest_at,
        latest_id
    FROM quarter ORDER BY enterprise_id, entitlement_id, meter, since, dimensions, value
    ON CONFLICT (enterprise_id, entitlement_id, meter, since, dimensions, value) DO UPDATE SET
        events = total.events + excluded.events, quantity = total.quantity + excluded.quantity,
        least = LEAST(total.least, excluded.least), most = GREATEST(total.most, excluded.most),
        latest = CASE WHEN (excluded.latest_at, excluded.latest_id) > (total.latest_at, total.latest_id)
            THEN excluded.latest ELSE total.latest END,
        latest_id = CASE WHEN (excluded.latest_at, excluded.latest_id) > (total.latest_at, total.latest_id)
            THEN excluded.latest_id ELSE total.latest_id END,
        latest_at = GREATEST(total.latest_at, excluded.latest_at)
), fed AS (
    INSERT INTO adoption_feed (enterprise_id, product_id, entitlement_id, meter, happened_at, recorded_at, events, quantity)
    SELECT enterprise_id, product_id, entitlement_id, meter, min(occurred_at), $14, count(*), sum(quantity)
    FROM counted GROUP BY enterprise_id, product_id, entitlement_id, meter, legal_day(occurred_at)
)
INSERT INTO usage_event (enterprise_id, occurred_at, id, entitlement_id, meter, quantity, bytes, product_id, revision,
    dimensions, value, source, source_id, recorded_at)
SELECT enterprise_id, occurred_at, id, entitlement_id, meter, quantity, bytes, product_id, revision, dimensions, value, source,
    source_id, $14 FROM counted;
