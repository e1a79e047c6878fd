-- Purchases of a synthetic market with their commands, transitions, entitlements and usage, spread over the eighteen months
-- before a time, more of them the later it is. A few products are bought much and some never; a third of the enterprises buys
-- nothing; some purchases were recorded late, given back, cancelled within their trial, or have expired. The uses of a day lie
-- within a quarter of an hour, so that the totals follow from them and need not be counted.
-- $1 seed, $2 first place, $3 last place, $4 places, $5 products, $6 enterprises, $7 departments, $8 usage events, $9 time,
-- $10 content's size
WITH drawn AS MATERIALIZED (
    SELECT place, 1 + floor(GREATEST(1, $5::bigint - $5 / 20) * seeded_share($1 + 10, place) ^ 3)::bigint AS product,
        -- Now and then the administration buys for itself.
        CASE WHEN place % 400 = 0 THEN seeded_uuid($1, 'department', 1 + seeded($1 + 8, place, LEAST($7::bigint, 49)))
            ELSE seeded_uuid($1, 'enterprise', 1 + floor(GREATEST(1, $6::bigint - $6 / 3)
                * seeded_share($1 + 8, place) * sqrt(seeded_share($1 + 8, place)))::bigint) END AS enterprise_id,
        -- No right ends in the month that follows: of an end the market tells, of what was bought here nobody told.
        moment - CASE WHEN moment > $9::timestamptz - interval '365 days' AND moment < $9::timestamptz - interval '334 days'
            THEN interval '31 days' ELSE interval '0' END AS accepted_at,
        seeded($1 + 12, place, 100) AS terms, seeded($1 + 13, place, 100) AS fate,
        make_interval(days => 4 + seeded($1 + 14, place, 24)::integer, secs => seeded($1 + 15, place, 86400)) AS later
    FROM generate_series($2::bigint, $3::bigint) AS place
    CROSS JOIN LATERAL (SELECT $9::timestamptz - interval '2 days' - interval '1 second'
        * floor(540 * 86400 * (1 - sqrt(seeded_share($1 + 11, place)))) AS moment) AS drawn
), stated AS MATERIALIZED (
    SELECT place, product, enterprise_id, accepted_at, offered.kind, COALESCE(early, 'expired') AS ended_as, ended_at,
        seeded_uuid7($1, 'purchase', place, accepted_at) AS id,
        seeded_uuid7($1, 'entitlement', place, accepted_at) AS entitlement_id,
        seeded_uuid($1, 'product', product) AS product_id, 1 + seeded($1, product, 3)::integer AS revision,
        CASE WHEN place % 33 = 0 THEN LEAST(accepted_at + 2 * later, $9::timestamptz - interval '1 hour')
            ELSE accepted_at END AS recorded_at,
        uneven_part($8, place, $4) - uneven_part($8, place - 1, $4) AS events
    FROM drawn
    CROSS JOIN LATERAL (SELECT CASE WHEN terms < 75 OR product % 5 = 0 THEN 'free' WHEN terms < 87 THEN 'one_off'
        WHEN terms < 95 THEN 'subscription' ELSE 'metered' END AS kind) AS offered
    CROSS JOIN LATERAL (SELECT CASE WHEN offered.kind <> 'free' AND accepted_at + later <= $9::timestamptz - interval '1 day' THEN
        CASE WHEN offered.kind = 'subscription' AND fate < 10 THEN 'cancelled' WHEN fate >= 95 THEN 'refunded' END END AS early) AS met
    CROSS JOIN LATERAL (SELECT CASE WHEN early IS NOT NULL THEN accepted_at + later
        WHEN accepted_at + interval '365 days' <= $9 THEN accepted_at + interval '365 days' END AS ended_at) AS ending
), session AS MATERIALIZED (
    -- OFFSET 0: what is drawn once is not to be computed again wherever it is used.
    SELECT enterprise_id, entitlement_id, product_id, revision, meter, day, counted,
        (day + make_interval(mins => 15 * (32 + chance % 48)::integer)) AT TIME ZONE 'Asia/Shanghai' AS since,
        interval '1 microsecond' * (900000000 / (counted + 1)) AS apart,
        CASE meter WHEN 'call' THEN 1 + chance % 9 WHEN 'row' THEN 100 + chance % 900 ELSE 1 END AS quantity,
        CASE meter WHEN 'download' THEN $10::bigint ELSE 200 END AS bytes,
        CASE meter WHEN 'call' THEN interval '5 minutes' ELSE interval '0' END AS recorded_after,
        -- With the number of the use behind it, an id for each.
        left(md5(entitlement_id::text || day), 26) AS event_ids
    FROM (
        SELECT enterprise_id, entitlement_id, product_id, revision, meter, seeded($1 + 9, place + number, 1000000007) AS chance,
            first_day + (number * days / sessions + seeded($1 + number, place, days / sessions))::integer AS day,
            events * (number + 1) / sessions - events * number / sessions AS counted
        FROM (
            SELECT place, enterprise_id, entitlement_id, product_id, revision, events, first_day, days,
                LEAST(days, (events + 9) / 10) AS sessions,
                CASE kind WHEN 'metered' THEN 'call' WHEN 'subscription' THEN 'row' ELSE 'download' END AS meter
            FROM (
                SELECT place, enterprise_id, entitlement_id, product_id, revision, events, kind, legal_day(accepted_at) + 1 AS first_day,
                    (LEAST(legal_day($9::timestamptz), legal_day(ended_at)) - legal_day(accepted_at) - 1)::bigint AS days
                FROM stated OFFSET 0) AS entitled
            OFFSET 0) AS used
        CROSS JOIN LATERAL generate_series(0, sessions - 1) AS number
        OFFSET 0) AS placed
), commanded AS (
    INSERT INTO command_key (enterprise_id, key, command, digest, purchase_id, recorded_at)
    SELECT enterprise_id, 'synthetic-' || place, 'purchase', sha256(uuid_send(id)), id, recorded_at FROM stated
), bought AS (
    INSERT INTO purchase (enterprise_id, id, offer_id, product_id, revision, purpose, price_minor, currency, state, transition,
        requested_at, accepted_at, recorded_at, ended_at, ended_as)
    SELECT enterprise_id, stated.id, offer.id, stated.product_id, revision, 'research', price_minor, currency,
        CASE WHEN ended_at IS NULL THEN 'active' ELSE 'ended' END, CASE WHEN ended_at IS NULL THEN 1 ELSE 2 END, accepted_at,
        accepted_at, recorded_at, ended_at, CASE WHEN ended_at IS NOT NULL THEN ended_as END
    FROM stated JOIN offer ON offer.id = seeded_uuid($1, stated.kind, product)
), moved AS (
    INSERT INTO purchase_transition (enterprise_id, purchase_id, number, from_state, to_state, party_id, reason, moved_at)
    SELECT enterprise_id, id, 1, NULL, 'active', enterprise_id, 'The offer was accepted.', accepted_at FROM stated
    UNION ALL
    SELECT enterprise_id, id, 2, 'active', 'ended', CASE WHEN ended_as <> 'expired' THEN enterprise_id END,
        CASE ended_as WHEN 'expired' THEN 'The period of use has ended.' WHEN 'refunded' THEN 'The data was not what was sought.'
            ELSE 'The trial did not convince.' END, ended_at
    FROM stated WHERE ended_at IS NOT NULL
), entitled AS (
    INSERT INTO entitlement (enterprise_id, id, purchase_id, product_id, valid, ended_at)
    SELECT enterprise_id, entitlement_id, id, product_id, tstzrange(accepted_at, accepted_at + interval '365 days'), ended_at
    FROM stated
), totalled AS (
    INSERT INTO usage_total (enterprise_id, entitlement_id, meter, day, events, quantity, bytes)
    SELECT enterprise_id, entitlement_id, meter, day, counted, counted * quantity, counted * bytes FROM session
), windowed AS (
    INSERT INTO usage_window (enterprise_id, entitlement_id, meter, since, events, quantity, least, most, latest, latest_at,
        latest_id)
    SELECT enterprise_id, entitlement_id, meter, since, counted, counted * quantity, quantity, quantity, quantity,
        since + counted * apart, (event_ids || lpad(to_hex(counted), 6, '0'))::uuid
    FROM session
)
INSERT INTO usage_event (enterprise_id, occurred_at, id, entitlement_id, meter, quantity, bytes, product_id, revision,
    recorded_at)
SELECT enterprise_id, since + number * apart, (event_ids || lpad(to_hex(number), 6, '0'))::uuid, entitlement_id, meter, quantity,
    bytes, product_id, revision, since + number * apart + recorded_after
FROM session CROSS JOIN LATERAL generate_series(1, counted) AS number;
