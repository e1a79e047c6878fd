-- name: enterprises
-- version: 1
-- over: market
-- title: {zh: 采购企业数, en: "Enterprises that bought, and that came back"}
-- unit: {bought: count, returned: count}
-- numerator: {zh: 企业数, en: enterprises}
-- denominator: {zh: 无, en: none}
-- definition:
--   zh: 在一段时间内首次采购的企业数，以及首次完成第二笔采购的企业数；不限定时间时，为截至所问时点的企业数。企业为法人，每家只计一次，类别取其
--     各笔采购中最高者：市场、试用、已退款、行政机关自身、合成。所有采购均已退款的企业计入“已退款”。
--   en: Enterprises that bought for the first time within a period, and those that bought for the second time within it; without a
--       period, those that had done so by the time asked about. An enterprise is a legal entity and counts once, in the highest
--       standing of its purchases (market, trial, refunded, the administration itself, synthetic). One whose purchases were all
--       refunded stands in refunded.
-- ported:
--   zh: 由按日汇总的数计算：截至与已知均按日，不按时刻。
--   en: Answered from totals by day, so that both times are days and not moments.
-- axes:
--   as_of: the days that had ended by then, in the time of Beijing
--   recorded_by: what was known when the last day before then ended
-- dimensions: [section, province, enterprise_kind, month]
-- standings: [market, trial, refunded, administration, synthetic]
-- parameters: $1 dimension or null, $2 from or null, $3 until or null, $4 as of or null, $5 recorded by or null, $6 standing
WITH cell AS (
    SELECT CASE WHEN $1::text = 'month' THEN to_char(happened_on, 'YYYY-MM') ELSE class END AS class, measure, times
    FROM total_within(ARRAY['first_bought', 'first_returned'], COALESCE(NULLIF($1, 'month'), ''), ARRAY[$6::text], $2, $3, $4, $5)
)
SELECT CASE WHEN grouping(class) = 0 THEN class END AS class, substr(measure, 7) AS name, 'count' AS unit, sum(times)::text AS value,
    abs(sum(times))::bigint AS enterprises
FROM cell GROUP BY GROUPING SETS ((measure), (class, measure)) HAVING grouping(class) = 1 OR sum(times) <> 0
ORDER BY 2, 1 NULLS FIRST;
