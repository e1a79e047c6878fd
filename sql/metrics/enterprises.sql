-- name: enterprises
-- version: 3
-- over: market
-- title: {zh: 采购、使用与再次采购的企业数, en: "Enterprises that bought, that use, and that came back"}
-- unit: {bought: count, used: count, returned: count}
-- numerator: {zh: 企业数, en: enterprises}
-- denominator: {zh: 无, en: none}
-- definition:
--   zh: 在一段时间内首次采购的企业数、首次使用数据的企业数，以及首次完成第二笔采购的企业数；不限定时间时，为截至所问时点的企业数。
--     企业为法人，每家只计一次；采购与再次采购的类别取其各笔采购中最高者：市场、试用、已退款、行政机关自身、合成；
--     所有采购均已退款的企业计入“已退款”。使用数据的企业按其自身归类，试用期内的使用计入“市场”。按批次（cohort）时，
--     各数均归入当时所知企业首次采购的月份：该月首次采购的企业中，有多少使用过数据，有多少再次采购；尚未获知其任何采购的，
--     批次为空。
--   en: Enterprises that bought for the first time within a period, that used data for the first time within it, and that bought for
--       the second time within it; without a period, those that had done so by the time asked about. An enterprise is a legal
--       entity and counts once. Bought and returned stand in the highest standing of its purchases (market, trial, refunded, the
--       administration itself, synthetic); one whose purchases were all refunded stands in refunded. Used stands in the standing
--       of the enterprise itself, so that use within a trial is in market. By cohort each number is of the month in which the
--       enterprise first bought, as known then - how many bought first in it, and how many of them used data and came back. The
--       cohort is empty as long as no purchase of the enterprise is known.
-- axes:
--   as_of: the days that had ended by then, in the time of Beijing
--   recorded_by: what was known when the last day before then ended
-- dimensions: [section, province, enterprise_kind, cohort, month]
-- standings: [market, trial, refunded, administration, synthetic]
-- parameters: $1 dimension or null, $2 from or null, $3 until or null, $4 as of or null, $5 recorded by or null, $6 standing
WITH cell AS (
    SELECT CASE WHEN $1::text = 'month' THEN to_char(happened_on, 'YYYY-MM') ELSE class END AS class, measure, times
    FROM total_within(ARRAY['first_bought', 'first_used', 'first_returned'], COALESCE(NULLIF($1, 'month'), ''), ARRAY[$6::text],
        $2, $3, $4, $5)
)
-- Of each enterprise there is one or none in what is summed, or one less. A class that all went from is none.
SELECT CASE WHEN grouping(class) = 0 THEN class END AS class, substr(measure, 7) AS name, 'count' AS unit, sum(times)::text AS value,
    abs(sum(times))::bigint AS enterprises
FROM cell GROUP BY GROUPING SETS ((measure), (class, measure)) HAVING grouping(class) = 1 OR sum(times) <> 0
ORDER BY 2, 1 NULLS FIRST;
