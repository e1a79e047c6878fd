-- Scenarios, published one after the other in the two years before a time, and their products: two of three products serve one,
-- some scenarios have many and some none. $1 seed, $2 scenarios, $3 products, $4 time
WITH stated AS MATERIALIZED (
    SELECT place, seeded_uuid($1, 'scenario', place) AS id, 'SC-2025-' || lpad(place::text, 3, '0') AS code,
        '合成场景' || place AS title_zh, 'Synthetic scenario ' || place AS title_en,
        (ARRAY['industrial_development', 'industrial_development', 'social_governance', 'livelihood'])[1 + seeded($1, place, 4)]
            AS domain,
        $4::timestamptz - interval '2 years' + make_interval(days => (700 * place / $2::bigint)::integer) AS published_at
    FROM generate_series(1, $2::bigint) AS place
), documented AS MATERIALIZED (
    SELECT stated.*, legal_day(published_at) AS published_on, jsonb_build_object('code', code, 'domain', domain,
        'title', jsonb_build_object('zh', title_zh, 'en', title_en), 'published_on', legal_day(published_at),
        'source', jsonb_build_object('confidence', 'weak', 'note', 'synthetic')) AS document
    FROM stated
), published AS (
    INSERT INTO scenario (id, code, title_zh, title_en, domain, published_on, document, digest, revision, publisher_id,
        recorded_at)
    SELECT id, code, title_zh, title_en, domain, published_on, document, sha256(convert_to(document::text, 'UTF8')), 1,
        seeded_uuid($1, 'administration', 1), published_at
    FROM documented
), kept AS (
    INSERT INTO scenario_revision (scenario_id, revision, document, publisher_id, recorded_at)
    SELECT id, 1, document, seeded_uuid($1, 'administration', 1), published_at FROM documented
), linked AS (
    SELECT 1 + floor($2 * seeded_share($1 + 18, place) ^ 2)::bigint AS scenario, seeded_uuid($1, 'product', place) AS product_id
    FROM generate_series(1, $3::bigint) AS place WHERE place % 3 <> 0
), known AS (
    INSERT INTO scenario_link (scenario_id, product_id, code, domain, since)
    SELECT stated.id, linked.product_id, stated.code, stated.domain, stated.published_at
    FROM linked JOIN stated ON stated.place = linked.scenario
)
INSERT INTO scenario_product (scenario_id, product_id)
SELECT seeded_uuid($1, 'scenario', scenario), product_id FROM linked;
