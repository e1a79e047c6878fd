-- name: scenarios
-- version: 1
-- over: market
-- title: {zh: 示范场景数, en: Scenarios that are published, have products and are sold}
-- unit: {published: count, newly_published: count, with_products: count, sold: count, never_sold: count}
-- numerator: {zh: 示范场景, en: scenarios}
-- denominator: {zh: 无, en: none}
-- definition:
--   zh: 截至所问时点（或一段时间的末尾）已发布的示范场景数（published），以及一段时间内发布的场景数（newly_published），以主管机关所述发布
--     日期为准，未述的以市场取得之日为准。其中有至少一个在挂牌产品的为 with_products；其产品中至少一个已接受过采购的为已售（sold），其余为
--     未售（never_sold），没有产品的也在其内。产品的类别取其各笔采购中最高者（市场、试用、已退款、行政机关自身、合成），场景在其产品所在的
--     每个类别中为已售；已下架的产品曾经售出的仍计。
--   en: Scenarios that are published by the time asked about, or by the end of a period, and those published within the period, by the
--       day that the administration states or, without one, the day on which the market got them. Those with at least one listed
--       product have products. Those of which a product has been bought are sold, and the others never sold, also those without
--       products. A product counts in the highest standing of its purchases (market, trial, refunded, the administration itself,
--       synthetic), and a scenario is sold in each standing in which one of its products is; one that was sold and is delisted
--       counts still.
-- axes:
--   as_of: the scenario was published, its product listed and the purchase accepted, by then
--   recorded_by: the revision of the scenario that was newest then, and what was known of purchases by then; a listing is known when
--     it is made
-- dimensions: [domain, batch, month]
-- standings: [market, trial, refunded, administration, synthetic]
-- parameters: $1 dimension or null, $2 from or null, $3 until or null, $4 as of or null, $5 recorded by or null, $6 standing
WITH asked AS (
    SELECT LEAST(COALESCE($4::timestamptz, now()), $3::timestamptz - interval '1 microsecond') AS as_of,
        COALESCE($5::timestamptz, 'infinity') AS known
), held AS MATERIALIZED (
    SELECT scenario.domain, scenario.batch, scenario.published_on,
        $2::timestamptz IS NULL OR scenario.published_on >= legal_day($2) AS is_new, made.has_products, made.is_sold, made.mark
    FROM asked CROSS JOIN LATERAL scenario_known(asked.known) AS scenario
    CROSS JOIN LATERAL (
        SELECT COALESCE(bool_or(product.listed_at <= LEAST(as_of, known)
                AND COALESCE(product.delisted_at > LEAST(as_of, known), true)), false) AS has_products,
            COALESCE(bool_or(step.is_sold), false) AS is_sold, bit_or(step.mark) AS mark
        FROM product
        LEFT JOIN LATERAL (SELECT true AS is_sold, bit_or(came) & ~bit_or(went) AS mark FROM product_step
            WHERE product_step.product_id = product.id AND standing = $6 AND happened_at <= as_of AND recorded_at <= known
            HAVING sum(change) > 0) AS step ON true
        WHERE product.code = ANY (scenario.products)) AS made
    WHERE scenario.published_on <= legal_day(as_of)
), classed AS (
    SELECT NULL AS class, is_new, has_products, is_sold, mark FROM held
    UNION ALL
    SELECT COALESCE(CASE $1::text WHEN 'domain' THEN domain WHEN 'batch' THEN batch::text
        WHEN 'month' THEN to_char(published_on, 'YYYY-MM') END, ''), is_new, has_products, is_sold, mark
    FROM held WHERE $1 IS NOT NULL AND ($1 <> 'month' OR is_new)
), counted AS (
    SELECT class, count(*) AS published, count(*) FILTER (WHERE is_new) AS newly_published,
        count(*) FILTER (WHERE has_products) AS with_products, count(*) FILTER (WHERE is_sold) AS sold,
        COALESCE(bit_count(bit_or(mark) FILTER (WHERE is_sold)::bit(64)), 0) AS enterprises
    FROM classed GROUP BY class
)
-- What is published is public. What is sold tells of what is not, so that both are hidden together. Behind what is sold there is
-- one enterprise at least, whatever the bits say.
SELECT class, value.name, 'count' AS unit, value.number::text AS value, value.enterprises::bigint AS enterprises
FROM counted CROSS JOIN LATERAL (VALUES (1, 'published', published, 0), (2, 'newly_published', newly_published, 0),
    (3, 'with_products', with_products, 0), (4, 'sold', sold, GREATEST(enterprises, (sold > 0)::integer)),
    (5, 'never_sold', published - sold, GREATEST(enterprises, (sold > 0)::integer))) AS value (place, name, number, enterprises)
WHERE class IS NULL OR $1 <> 'month' OR value.place = 2
ORDER BY value.place, class NULLS FIRST;
