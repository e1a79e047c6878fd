-- Products with one to three revisions, the entry versions they were made of, their offers and credentials, and who answers for
-- them: every fifth is of public benefit and free, the others can also be bought once, subscribed to after a trial, or paid by use.
-- $1 seed, $2 products, $3 entries, $4 operators, $5 time, $6 content
WITH stated AS MATERIALIZED (
    SELECT place, seeded_uuid($1, 'product', place) AS id, 'DP-SYN-' || lpad(place::text, 7, '0') AS code,
        1 + seeded($1, place, 3)::int AS revisions, seeded_uuid($1, 'operator', 1 + seeded($1, place, $4)) AS operator_id,
        $5::timestamptz - interval '2 years' AS listed_at,
        CASE WHEN place % 5 = 0 THEN 'public_benefit' ELSE 'industry' END AS use_class
    FROM generate_series(1, $2::bigint) AS place
), kept AS (
    INSERT INTO content (sha256, bytes, recorded_at)
    SELECT sha256($6::bytea), octet_length($6::bytea), $5::timestamptz - interval '2 years'
), sent AS (
    INSERT INTO content_chunk (sha256, number, bytes) SELECT sha256($6::bytea), 0, $6::bytea
), listed AS (
    INSERT INTO product (id, code, title_zh, title_en, description_zh, description_en, kind, use_class, listed_at)
    SELECT id, code, '合成产品' || place, 'Synthetic product ' || place, '合成数据', 'Synthetic data',
        (ARRAY['data_set', 'data_set', 'data_set', 'data_set', 'api', 'api', 'api', 'report', 'report', 'index', 'visual_product',
            'encrypted_data'])[1 + seeded($1 + 17, place, 12)], use_class, listed_at FROM stated
), revised AS (
    INSERT INTO product_revision (product_id, number, file_name, media_type, sha256, rows, columns, source, published_at)
    SELECT id, number, 'synthetic.csv', 'text/csv', sha256($6::bytea), 1, '[]',
        '{"title": "synthetic", "url": "about:blank"}', listed_at + make_interval(days => 90 * (number - 1))
    FROM stated, generate_series(1, revisions) AS number
), made AS (
    INSERT INTO product_revision_source (product_id, number, entry_id, entry_version, basis)
    SELECT DISTINCT ON (stated.id, number, chosen) stated.id, number, seeded_uuid($1, 'entry', chosen), 1,
        'synthetic listing'
    FROM stated, generate_series(1, revisions) AS number, generate_series(1, 1 + place % 3) AS source,
        LATERAL (SELECT 1 + seeded($1 + source, place, $3) AS chosen) AS drawn
), offered AS (
    INSERT INTO offer (id, code, product_id, use_class, title_zh, title_en, kind, price_minor, currency, purposes,
        term_days, offered_at, billing_period, trial_days)
    SELECT seeded_uuid($1, kind, place), replace(code, 'DP-', 'OF-') || suffix, id, use_class, title_zh, title_en, kind,
        price * (1 + place % 100), 'CNY', '{research,product_development}', 365, listed_at, billing_period, trial_days
    FROM stated, (VALUES ('free', '-F', '免费', 'Free', 0, NULL, NULL), ('one_off', '-1', '一次性', 'One-off', 10000, NULL, NULL),
            ('subscription', '-S', '包年', 'Subscription', 20000, 'year', 30), ('metered', '-M', '按量', 'Metered', 0, 'quarter', NULL))
        AS terms(kind, suffix, title_zh, title_en, price, billing_period, trial_days)
    WHERE use_class = 'industry' OR kind = 'free'
), priced AS (
    INSERT INTO offer_usage_price (offer_id, meter, mode)
    SELECT seeded_uuid($1, 'metered', place), 'call', 'per_unit' FROM stated WHERE use_class = 'industry'
), allowed AS (
    INSERT INTO credential (id, product_id, kind, procedure, max_years, holder_id, issuer_id, number, valid, state, recorded_at)
    SELECT seeded_uuid($1, kind.kind, place), id, kind.kind, kind.procedure, kind.max_years, operator_id,
        seeded_uuid($1, 'administration', 1), 'SYN-' || place,
        daterange(legal_day(listed_at), (legal_day(listed_at) + make_interval(years => kind.max_years))::date), 'in_force', listed_at
    FROM stated JOIN credential_kind AS kind
        ON kind.needed_for = 'all' OR kind.needed_for = 'priced' AND use_class = 'industry'
), tiered AS (
    INSERT INTO offer_usage_tier (offer_id, meter, above, unit_price)
    SELECT seeded_uuid($1, 'metered', place), 'call', 0, 1 + place % 100 FROM stated WHERE use_class = 'industry'
)
INSERT INTO responsibility (id, party_id, role, product_id, valid, recorded, basis, basis_sha256)
SELECT md5(id::text || role)::uuid, operator_id, role, id, tstzrange(listed_at, NULL), tstzrange(listed_at, NULL),
    'listing of ' || code, sha256(convert_to(code, 'UTF8'))
FROM stated, (VALUES ('operator'), ('seller')) AS roles(role);
