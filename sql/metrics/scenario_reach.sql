-- name: scenario-reach
-- version: 1
-- over: market
-- title: {zh: 示范场景的覆盖面, en: The reach of scenarios}
-- unit: {products: count, sold_products: count}
-- numerator: {zh: 场景所列的数据产品, en: products that scenarios name}
-- denominator: {zh: 无, en: none}
-- definition:
--   zh: 截至所问时点，已发布场景所列的在挂牌产品数（products），以及其中已接受过至少一笔采购的产品数（sold_products）。产品的类别取其各笔采购
--     中最高者（市场、试用、已退款、行政机关自身、合成）。属于几个场景或领域的产品在每个中各计一次，在总数中只计一次，故各类之和可大于总数。
--   en: Listed products that the scenarios published by the time asked about name, and those of them with at least one accepted
--       purchase. A product counts in the highest standing of its purchases (market, trial, refunded, the administration itself,
--       synthetic). One that several scenarios or domains name counts in each, and once in the whole, so that classes may add up to
--       more.
-- axes:
--   as_of: the scenario was published, the product listed and the purchase accepted, by then
--   recorded_by: the revision of the scenario that was newest then, and what was known of purchases by then; a listing is known when
--     it is made
-- dimensions: [scenario, domain]
-- standings: [market, trial, refunded, administration, synthetic]
-- parameters: $1 dimension or null, $2 from or null, $3 until or null, $4 as of or null, $5 recorded by or null, $6 standing
WITH asked AS (
    -- A reach is of a time: of a period it is that of its end.
    SELECT LEAST(COALESCE($4::timestamptz, now()), $3::timestamptz - interval '1 microsecond') AS as_of,
        COALESCE($5::timestamptz, 'infinity') AS known, $2::timestamptz AS from_then_on
), named AS MATERIALIZED (
    SELECT scenario.code AS scenario, scenario.domain, product.id AS product_id
    FROM asked CROSS JOIN LATERAL scenario_known(asked.known) AS scenario
    JOIN product ON product.code = ANY (scenario.products)
    WHERE scenario.published_on <= legal_day(as_of) AND product.listed_at <= LEAST(as_of, known)
        AND COALESCE(product.delisted_at > LEAST(as_of, known), true)
), sold AS MATERIALIZED (
    SELECT step.product_id, bit_or(step.came) & ~bit_or(step.went) AS mark
    FROM asked CROSS JOIN product_step AS step
    WHERE step.product_id IN (SELECT named.product_id FROM named) AND step.standing = $6
        AND step.happened_at <= as_of AND step.recorded_at <= known
    GROUP BY step.product_id HAVING sum(step.change) > 0
), classed AS (
    SELECT DISTINCT NULL AS class, product_id FROM named
    UNION ALL
    SELECT DISTINCT CASE $1::text WHEN 'scenario' THEN scenario WHEN 'domain' THEN domain END, product_id
    FROM named WHERE $1 IS NOT NULL
), counted AS (
    SELECT class, count(*) AS products, count(sold.product_id) AS sold_products,
        COALESCE(bit_count(bit_or(mark)::bit(64)), 0) AS enterprises
    FROM classed LEFT JOIN sold USING (product_id) GROUP BY class
)
-- What is named is public. Behind what is sold there is one enterprise at least, whatever the bits say.
SELECT class, value.name, 'count' AS unit, value.number::text AS value, value.enterprises::bigint AS enterprises
FROM counted CROSS JOIN LATERAL (VALUES (1, 'products', products, 0),
    (2, 'sold_products', sold_products, GREATEST(enterprises, (sold_products > 0)::integer)))
    AS value (place, name, number, enterprises)
ORDER BY value.place, class NULLS FIRST;
