-- name: scenario-enterprises
-- version: 1
-- over: market
-- title: {zh: 示范场景背后的企业, en: Enterprises behind scenarios}
-- unit: {agreed: count, used: count}
-- numerator: {zh: 首次取得、首次使用场景所列任一产品的企业, en: "enterprises that for the first time got, or used, any product that a scenario names"}
-- denominator: {zh: 无, en: none}
-- definition:
--   zh: 一段时间内首次取得（采购被接受）场景所列任一产品的企业数（agreed），以及首次使用其数据的企业数（used）。以当时引用该产品的场景为准；同一企业
--     在同一场景、同一领域及总数中各计一次，在几个场景中各计一次，故各类之和可大于总数。一经计入不再减去：退款与终止不影响。企业与产品的组合数见
--     scenario-reach。
--   en: Enterprises that got any product of a scenario for the first time within a period (their purchase was accepted), and those
--       that used the data of any for the first time. Scenarios are those that named the product as it was known then. An enterprise
--       counts once in a scenario, once in a domain and once in the whole, and once in each of several scenarios, so that classes may
--       add up to more. What was counted stays, whatever becomes of the purchase. Pairs of an enterprise and a product are in
--       scenario-reach.
-- axes:
--   as_of: the days that had ended by then, in the time of Beijing
--   recorded_by: what was known when the last day before then ended
-- dimensions: [scenario, domain, month]
-- standings: [market, administration, synthetic]
-- parameters: $1 dimension or null, $2 from or null, $3 until or null, $4 as of or null, $5 recorded by or null, $6 standing
WITH cell AS (
    SELECT CASE WHEN $1::text = 'month' THEN to_char(happened_on, 'YYYY-MM') ELSE class END AS class, measure, times, false AS is_whole
    FROM total_within(ARRAY['enterprises_agreed', 'enterprises_used'], COALESCE(NULLIF($1, 'month'), ''), ARRAY[$6::text], $2, $3,
        $4, $5)
    WHERE $1 IS NOT NULL
    UNION ALL
    -- Classes do not add up to it.
    SELECT NULL, measure, times, true
    FROM total_within(ARRAY['enterprises_agreed', 'enterprises_used'], '', ARRAY[$6::text], $2, $3, $4, $5)
), counted AS (
    SELECT class, measure, is_whole, sum(times)::bigint AS value FROM cell GROUP BY 1, 2, 3
)
-- Whoever takes a class from the whole has those who came by others only: they must not be few either.
SELECT told.class, CASE told.measure WHEN 'enterprises_agreed' THEN 'agreed' ELSE 'used' END AS name, 'count' AS unit,
    told.value::text AS value,
    CASE WHEN told.is_whole OR told.value = whole.value THEN told.value ELSE LEAST(told.value, whole.value - told.value) END
        AS enterprises
FROM counted AS told JOIN counted AS whole ON whole.is_whole AND whole.measure = told.measure
ORDER BY 2, 1 NULLS FIRST;
