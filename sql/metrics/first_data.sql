-- name: first-data
-- version: 1
-- over: market
-- title: {zh: 从提出采购到首次用到数据的时间, en: From request to first data}
-- unit: {reached: count, within_hour: count, within_day: count, within_week: count, within_month: count, mean: seconds}
-- numerator: {zh: 首次使用数据的企业与产品组合, en: pairs of an enterprise and a product whose data was used for the first time}
-- denominator: {zh: 无, en: none}
-- definition:
--   zh: 企业首次使用某产品数据之日计一次：自提出该次使用所依据的采购起，到首次使用为止，在一小时、一天、一周、三十天内的各有多少
--     （依次包含），以及平均秒数。尚未使用的不计入。行业、省份与企业类型为采购企业的分类；卖方省份为当时运营机构所在省份；数据
--     来源省份为产品版本所依据目录条目的提供单位所在省份；领域与场景为当时引用该产品的示范场景；涉及多个的归入“several”。
--   en: On the day on which an enterprise first uses a product's data it counts once; how many had it within an hour, a day, a
--       week and thirty days of the request of the purchase by which it was used (each holds the ones before), and the mean in
--       seconds. What has not been used yet is not in it. Section, province and kind are the buyer's; the seller's province is
--       that of the operator at the time; the origin's province is that of the departments that provide the directory entries
--       behind the product's revision; domain and scenario are those of the demonstration scenarios that name the product at the
--       time. What is of more than one is of the class several.
-- axes:
--   as_of: the days that had ended by then, in the time of Beijing
--   recorded_by: what was known when the last day before then ended
-- dimensions: [section, province, enterprise_kind, product_kind, use_class, seller_province, origin_province, domain, scenario, month]
-- standings: [market, administration, synthetic]
-- parameters: $1 dimension or null, $2 from or null, $3 until or null, $4 as of or null, $5 recorded by or null, $6 standing
WITH cell AS (
    SELECT CASE WHEN $1::text = 'month' THEN to_char(happened_on, 'YYYY-MM') ELSE class END AS class, measure, unit, times, amount,
        came, went
    FROM total_within(ARRAY['waited', 'waited_hour', 'waited_day', 'waited_week', 'waited_month', 'waited_longer'],
        COALESCE(NULLIF($1, 'month'), ''), ARRAY[$6::text], $2, $3, $4, $5)
), part AS (
    SELECT CASE WHEN grouping(class) = 0 THEN class END AS class, grouping(class) AS level, measure, sum(times) AS times,
        sum(amount) AS amount, bit_count(bit_or(came)::bit(64)) AS enterprises
    FROM cell GROUP BY GROUPING SETS ((measure), (class, measure))
), told AS (
    -- What is within a time and what is not tell of each other: all are hidden with the smallest part.
    SELECT class, level, sum(times) FILTER (WHERE measure = 'waited') AS reached,
        COALESCE(sum(times) FILTER (WHERE measure = 'waited_hour'), 0) AS hour,
        COALESCE(sum(times) FILTER (WHERE measure IN ('waited_hour', 'waited_day')), 0) AS day,
        COALESCE(sum(times) FILTER (WHERE measure IN ('waited_hour', 'waited_day', 'waited_week')), 0) AS week,
        COALESCE(sum(times) FILTER (WHERE measure IN ('waited_hour', 'waited_day', 'waited_week', 'waited_month')), 0) AS month,
        sum(amount) FILTER (WHERE measure = 'waited') AS seconds,
        max(enterprises) FILTER (WHERE measure = 'waited') AS enterprises,
        min(enterprises) FILTER (WHERE measure <> 'waited' AND times > 0) AS fewest
    FROM part GROUP BY class, level
)
SELECT told.class, value.name, value.unit, round(value.number)::text AS value, value.enterprises
FROM told CROSS JOIN LATERAL (VALUES (1, 'reached', 'count', reached, enterprises), (2, 'within_hour', 'count', hour, fewest),
    (3, 'within_day', 'count', day, fewest), (4, 'within_week', 'count', week, fewest),
    (5, 'within_month', 'count', month, fewest), (6, 'mean', 'seconds', seconds / NULLIF(reached, 0), enterprises))
    AS value (place, name, unit, number, enterprises)
WHERE value.number IS NOT NULL
ORDER BY value.place, told.class NULLS FIRST;
