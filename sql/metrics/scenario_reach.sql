-- name: scenario-reach
-- version: 1
-- over: market
-- title: {zh: 示范场景的覆盖面, en: The reach of scenarios}
-- unit: {products: count, agreed: count, used: count, each meter: count}
-- numerator: {zh: 场景所列的产品，以及取得、使用这些产品的企业与产品组合及其使用次数, en: "products that scenarios name, pairs of an enterprise and such a product, and their use"}
-- denominator: {zh: 无, en: none}
-- definition:
--   zh: products 为截至所问时点，已发布场景所列的在挂牌产品数；属于几个场景或领域的产品在每个中各计一次，在总数中只计一次，故各类之和可大于总数。
--     agreed 为一段时间内企业首次取得某产品（采购被接受）的次数，used 为企业首次使用某产品数据的次数：均为企业与产品的组合，同一企业取得同一
--     场景的几个产品计几次，故取得场景产品的企业不多于此数。每个计量项另计一段时间内的使用次数。三者与漏斗（funnel）及使用量（use）同源同数：
--     以当时引用该产品的场景为准，涉及多个的归入“several”，不属于任何场景的类别为空；总数为全部产品。
--   en: products are the listed ones that the scenarios published by the time asked about name; one that several scenarios or domains
--       name counts in each, and once in the whole, so that classes may add up to more. agreed is how often an enterprise got a
--       product for the first time within a period (its purchase was accepted), and used how often one first used a product's data.
--       Both are pairs of an enterprise and a product, so that one which got several products of a scenario counts as often, and no
--       more enterprises than that got any. Each meter has its events within the period. These are the same numbers as in funnel and
--       use, of the scenarios that named the product at the time; what is of several is of the class several, what is of none of an
--       empty class, and the whole is of all products.
-- axes:
--   as_of: the scenario was published and the product listed by then; of all others the days that had ended by then, in the time of
--     Beijing
--   recorded_by: the revision of the scenario that was newest then (a listing is known when it is made); of all others what was known
--     when the last day before then ended
-- dimensions: [scenario, domain]
-- standings: [market, administration, synthetic]
-- parameters: $1 dimension or null, $2 from or null, $3 until or null, $4 as of or null, $5 recorded by or null, $6 standing
WITH asked AS (
    SELECT LEAST(COALESCE($4::timestamptz, now()), $3::timestamptz - interval '1 microsecond') AS as_of,
        COALESCE($5::timestamptz, 'infinity') AS known
), named AS MATERIALIZED (
    SELECT CASE WHEN $1::text = 'domain' THEN scenario.domain ELSE scenario.code END AS class, product.id AS product_id
    FROM asked CROSS JOIN LATERAL scenario_known(asked.known) AS scenario
    JOIN product ON product.code = ANY (scenario.products)
    WHERE scenario.published_on <= legal_day(as_of) AND product.listed_at <= LEAST(as_of, known)
        AND COALESCE(product.delisted_at > LEAST(as_of, known), true)
), cell AS MATERIALIZED (
    -- To few rows first, which all else costs.
    SELECT class, measure,
        CASE measure WHEN 'metered' THEN unit ELSE measure END AS name, sum(times) AS times, bit_or(came) AS came
    FROM total_within(ARRAY['agreed', 'used', 'metered'], COALESCE($1, ''), ARRAY[$6::text], $2, $3, $4, $5)
    GROUP BY 1, 2, 3
)
-- What is named is public. All others are cell by cell what funnel and use tell, and so hidden where they are: else one would tell
-- what the other hides.
SELECT CASE WHEN grouping(class) = 0 THEN class END AS class, 'products' AS name, 'count' AS unit,
    count(DISTINCT product_id)::text AS value, 0 AS enterprises
FROM named GROUP BY GROUPING SETS ((), (class)) HAVING grouping(class) = 1 OR class IS NOT NULL
UNION ALL
SELECT CASE WHEN grouping(class) = 0 THEN class END, name, 'count', sum(times)::text, bit_count(bit_or(came)::bit(64))
FROM cell GROUP BY GROUPING SETS ((measure, name), (class, measure, name))
ORDER BY 2, 1 NULLS FIRST;
