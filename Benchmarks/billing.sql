-- A market with :totals usage totals for billing: :enterprises enterprises that each bought one product at a monthly price with use
-- of four meters in two tiers, on 1 January 2026, and used each meter on 25 days. Everything is synthetic.
\set ON_ERROR_STOP on
INSERT INTO party (id, code, scheme, identifier, name, kind, synthetic, recorded_at)
VALUES ('00000000-0000-0000-0000-00000000aaaa', 'OP', 'catalogue', 'OP', 'Synthetic operator', 'operator', true, '2025-01-01');
INSERT INTO party (id, code, scheme, identifier, name, kind, enterprise_kind, industry_section, synthetic, recorded_at)
SELECT md5('enterprise' || place)::uuid, 'E' || place, 'catalogue', 'E' || place, 'Synthetic enterprise ' || place, 'enterprise',
    'private', 'J', true, '2025-01-01' FROM generate_series(1, :enterprises) AS place;
INSERT INTO content (sha256, bytes, recorded_at) VALUES (sha256('a'), 1, '2025-01-01');
INSERT INTO product (id, code, title_zh, title_en, description_zh, description_en, kind, use_class, listed_at)
VALUES ('00000000-0000-0000-0000-00000000bbbb', 'DP-1', '合成', 'Synthetic', '合成', 'Synthetic', 'api', 'industry', '2025-01-01');
INSERT INTO product_revision (product_id, number, file_name, media_type, sha256, rows, columns, source, published_at)
VALUES ('00000000-0000-0000-0000-00000000bbbb', 1, 'a', 'text/csv', sha256('a'), 1, '[]', '{}', '2025-01-01');
INSERT INTO responsibility (id, party_id, role, product_id, valid, recorded, basis, basis_sha256)
SELECT gen_random_uuid(), '00000000-0000-0000-0000-00000000aaaa', role, '00000000-0000-0000-0000-00000000bbbb', '[2025-01-01,)',
    '[2025-01-01,)', 'synthetic', sha256('synthetic') FROM unnest(ARRAY['seller', 'operator']) AS role;
INSERT INTO offer (id, code, product_id, use_class, title_zh, title_en, kind, price_minor, currency, purposes, term_days, offered_at,
    billing_period)
VALUES ('00000000-0000-0000-0000-00000000cccc', 'OF-1', '00000000-0000-0000-0000-00000000bbbb', 'industry', '合成', 'Synthetic',
    'combined', 10000, 'CNY', '{research}', 365, '2025-01-01', 'month');
INSERT INTO offer_usage_price (offer_id, meter, mode)
SELECT '00000000-0000-0000-0000-00000000cccc', code, 'graduated' FROM meter;
INSERT INTO offer_usage_tier (offer_id, meter, above, unit_price)
SELECT '00000000-0000-0000-0000-00000000cccc', code, above, price FROM meter, (VALUES (0, 3.333), (50, 2.5)) AS tier(above, price);
SELECT make_usage_partitions('2025-12-01', 14) \g /dev/null
CREATE TEMP TABLE bought AS SELECT id AS enterprise_id, md5('purchase' || code)::uuid AS id,
    md5('entitlement' || code)::uuid AS entitlement_id, timestamptz '2026-01-01 10:00+08' AS moment FROM party WHERE code LIKE 'E%';
WITH made AS (
    INSERT INTO purchase (enterprise_id, id, offer_id, product_id, revision, purpose, price_minor, currency, state, requested_at,
        accepted_at, recorded_at)
    SELECT enterprise_id, id, '00000000-0000-0000-0000-00000000cccc', '00000000-0000-0000-0000-00000000bbbb', 1, 'research', 10000,
        'CNY', 'active', moment, moment, moment FROM bought
)
INSERT INTO purchase_transition (enterprise_id, purchase_id, number, to_state, reason, moved_at)
SELECT enterprise_id, id, 1, 'active', 'synthetic', moment FROM bought;
INSERT INTO entitlement (enterprise_id, id, purchase_id, product_id, valid)
SELECT enterprise_id, entitlement_id, id, '00000000-0000-0000-0000-00000000bbbb', tstzrange(moment, moment + interval '365 days')
FROM bought;
INSERT INTO usage_event (enterprise_id, occurred_at, id, entitlement_id, meter, quantity, bytes, product_id, revision, recorded_at)
SELECT enterprise_id, used.moment, gen_random_uuid(), entitlement_id, meter.code, 1 + (day * 7 + event) % 5, 100,
    '00000000-0000-0000-0000-00000000bbbb', 1, used.moment
FROM bought, generate_series(1, 25) AS day, meter, generate_series(1, :events) AS event,
    LATERAL (SELECT bought.moment + make_interval(days => day, secs => event * 61 + length(meter.code)) AS moment) AS used
ORDER BY used.moment;
INSERT INTO usage_total (enterprise_id, entitlement_id, meter, day, events, quantity, bytes)
SELECT enterprise_id, entitlement_id, meter, legal_day(occurred_at), count(*), sum(quantity), sum(bytes) FROM usage_event
GROUP BY 1, 2, 3, 4;
INSERT INTO usage_window (enterprise_id, entitlement_id, meter, since, events, quantity, least, most, latest, latest_at, latest_id)
SELECT enterprise_id, entitlement_id, meter, date_bin('15 minutes', occurred_at, '2000-01-01T00:00:00Z'), count(*), sum(quantity),
    min(quantity), max(quantity), (array_agg(quantity ORDER BY occurred_at DESC, id DESC))[1], max(occurred_at),
    (array_agg(id ORDER BY occurred_at DESC, id DESC))[1]
FROM usage_event GROUP BY 1, 2, 3, 4;
-- Not the empty tables: their statistics would have cached plans read them whole when they have grown.
SELECT format('VACUUM ANALYZE %s', oid::regclass) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0 \gexec
CHECKPOINT;
