-- name: funnel
-- version: 1
-- over: market
-- title: {zh: 从浏览到续购的漏斗, en: "From viewed to renewed, the funnel"}
-- unit: {viewed: count, requested: count, agreed: count, used: count, renewed: count}
-- numerator: {zh: 企业与产品的组合, en: pairs of an enterprise and a product}
-- denominator: {zh: 无, en: none}
-- definition:
--   zh: 企业与产品的每个组合，在每一步计一次，计入其首次到达（以首次获知为准）之日：登录后浏览产品、提出采购、达成协议、首次使用
--     数据、再次采购同一产品。试用与其后退款的采购也计入。浏览自本指标第一版起计。行业、省份与企业类型为采购企业的分类；卖方省
--     份为当时运营机构所在省份；数据来源省份为产品版本所依据目录条目的提供单位所在省份；领域与场景为当时引用该产品的示范场景；
--     涉及多个的归入“several”。
--   en: Each pair of an enterprise and a product counts once in each step, on the day on which it first came so far, as it first
--       became known. Viewed is the product's page or document, seen by somebody of the enterprise who is signed in; requested
--       is the first request or direct acceptance; agreed the first agreement; used the first use of the data; renewed the
--       second agreement on the same product. Trials, and purchases that were refunded later, are in it. Views are counted since
--       there is this metric. Section, province and kind are the buyer's; the seller's province is that of the operator at the
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
    SELECT CASE WHEN $1::text = 'month' THEN to_char(happened_on, 'YYYY-MM') ELSE class END AS class, measure, sum(times) AS times,
        bit_or(came) AS came
    FROM total_within(ARRAY['viewed', 'requested', 'agreed', 'used', 'renewed'],
        COALESCE(NULLIF($1, 'month'), ''), ARRAY[$6::text], $2, $3, $4, $5)
    GROUP BY 1, 2
)
SELECT class, measure AS name, 'count' AS unit, times::text AS value, bit_count(came::bit(64)) AS enterprises
FROM (SELECT class, false AS is_whole, measure, times, came FROM cell
    UNION ALL SELECT NULL, true, measure, sum(times), bit_or(came) FROM cell GROUP BY measure) AS counted
ORDER BY array_position(ARRAY['viewed', 'requested', 'agreed', 'used', 'renewed'], measure), is_whole DESC, class COLLATE "C";
