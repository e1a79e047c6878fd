-- Purchases with transition, entitlement, command and one counted use each, spread over the year before a time.
-- $1 seed, $2 first place, $3 last place, $4 products, $5 enterprises, $6 time, $7 content's size
WITH stated AS MATERIALIZED (
    SELECT place, drawn.product, seeded_uuid($1, 'enterprise', 1 + seeded($1 + 8, place, $5)) AS enterprise_id,
        seeded_uuid7($1, 'purchase', place, drawn.accepted_at) AS id,
        seeded_uuid7($1, 'entitlement', place, drawn.accepted_at) AS entitlement_id, drawn.accepted_at,
        seeded_uuid($1, 'product', drawn.product) AS product_id, 1 + seeded($1, drawn.product, 3)::int AS revision,
        CASE WHEN place % 2 = 0 THEN 'free' ELSE 'one_off' END AS kind,
        drawn.accepted_at + make_interval(secs => 60 + seeded($1 + 9, place, 80000)) AS used_at
    FROM generate_series($2::bigint, $3::bigint) AS place,
        LATERAL (SELECT 1 + seeded($1 + 10, place, $4) AS product,
            $6::timestamptz - interval '1 day' - make_interval(secs => seeded($1 + 11, place, 364 * 86400)) AS accepted_at)
            AS drawn
), commanded AS (
    INSERT INTO command_key (enterprise_id, key, command, digest, purchase_id, recorded_at)
    SELECT enterprise_id, 'synthetic-' || place, 'purchase', sha256(convert_to(id::text, 'UTF8')), id, accepted_at FROM stated
), bought AS (
    INSERT INTO purchase (enterprise_id, id, offer_id, product_id, revision, purpose, price_minor, currency, state,
        requested_at, accepted_at, recorded_at)
    SELECT enterprise_id, id, seeded_uuid($1, kind, product), product_id, revision, 'research',
        CASE kind WHEN 'free' THEN 0 ELSE 10000 * (1 + product % 100) END, 'CNY', 'active', accepted_at, accepted_at, accepted_at
    FROM stated
), moved AS (
    INSERT INTO purchase_transition (enterprise_id, purchase_id, number, to_state, party_id, reason, moved_at)
    SELECT enterprise_id, id, 1, 'active', enterprise_id, 'the offer was accepted', accepted_at FROM stated
), entitled AS (
    INSERT INTO entitlement (enterprise_id, id, purchase_id, product_id, valid)
    SELECT enterprise_id, entitlement_id, id, product_id, tstzrange(accepted_at, accepted_at + interval '365 days')
    FROM stated
), totalled AS (
    INSERT INTO usage_total (enterprise_id, entitlement_id, meter, day, events, quantity, bytes)
    SELECT enterprise_id, entitlement_id, 'download', legal_day(used_at), 1, 1, $7 FROM stated
), windowed AS (
    INSERT INTO usage_window (enterprise_id, entitlement_id, meter, since, events, quantity, least, most, latest, latest_at,
        latest_id)
    SELECT enterprise_id, entitlement_id, 'download', date_bin('15 minutes', used_at, '2000-01-01T00:00:00Z'), 1, 1, 1, 1, 1,
        used_at, seeded_uuid7($1, 'usage', place, used_at)
    FROM stated
)
INSERT INTO usage_event (enterprise_id, occurred_at, id, entitlement_id, meter, quantity, bytes, product_id, revision,
    recorded_at)
SELECT enterprise_id, used_at, seeded_uuid7($1, 'usage', place, used_at), entitlement_id, 'download', 1, $7, product_id,
    revision, used_at
FROM stated;
