-- name: use
-- version: 1
-- over: market
-- title: {zh: 按计量项的使用量, en: "Use, by meter"}
-- unit: {each meter: "what it counts, and its events"}
-- numerator: {zh: 计量的使用, en: metered use}
-- denominator: {zh: 无, en: none}
-- definition:
--   zh: 一段时间内发生的使用：每个计量项的事件数；以求和方式计量的，另计其总量。按使用发生之日计，迟报的使用按获知之日区分。试用
--     期内的使用也计入。行业、省份与企业类型为采购企业的分类；卖方省份为当时运营机构所在省份；数据来源省份为产品版本所依据目录
--     条目的提供单位所在省份；领域与场景为当时引用该产品的示范场景；涉及多个的归入“several”。
--   en: Use that happened within a period, for each meter the number of events and, where the meter adds up what they state, the
--       sum. It counts on the day of the use; what was reported late is told apart by the day on which it became known. Use
--       within trials is in it. Section, province and kind are the buyer's; the seller's province is that of the operator at the
--       time; the origin's province is that of the departments that provide the directory entries behind the product's revision;
--       domain and scenario are those of the demonstration scenarios that name the product at the time. What is of more than one
--       is of the class several.
-- axes:
--   as_of: the days that had ended by then, in the time of Beijing
--   recorded_by: what was known when the last day before then ended
-- dimensions: [section, province, enterprise_kind, product_kind, use_class, seller_province, origin_province, domain, scenario, month]
-- standings: [market, administration, synthetic]
-- parameters: $1 dimension or null, $2 from or null, $3 until or null, $4 as of or null, $5 recorded by or null, $6 standing
WITH cell AS MATERIALIZED (
    -- To few rows first, which all else costs.
    SELECT CASE WHEN $1::text = 'month' THEN to_char(happened_on, 'YYYY-MM') ELSE class END AS class, unit, sum(times) AS times,
        sum(amount) AS amount, bit_or(came) AS came
    FROM total_within(ARRAY['metered'], COALESCE(NULLIF($1, 'month'), ''), ARRAY[$6::text], $2, $3, $4, $5)
    GROUP BY 1, 2
), counted AS (
    SELECT class, false AS is_whole, unit, times, amount, came FROM cell
    UNION ALL
    SELECT NULL, true, unit, sum(times), sum(amount), bit_or(came) FROM cell GROUP BY unit
)
SELECT class, counted.unit AS name, of.unit, of.value::text, bit_count(came::bit(64)) AS enterprises
FROM counted LEFT JOIN meter ON meter.code = counted.unit AND meter.aggregation = 'sum'
CROSS JOIN LATERAL (VALUES ('count', times), (meter.unit, amount)) AS of (unit, value)
WHERE of.unit IS NOT NULL
ORDER BY 2, 3, is_whole DESC, class COLLATE "C";
