-- name: enterprises
-- version: 2
-- over: market
-- title: {zh: 采购、使用与再次采购的企业数, en: "Enterprises that bought, that use, and that came back"}
-- unit: {bought: count, used: count, returned: count}
-- numerator: {zh: 企业数, en: enterprises}
-- denominator: {zh: 无, en: none}
-- definition:
--   zh: 在一段时间内首次采购的企业数、首次使用数据的企业数，以及首次完成第二笔采购的企业数；不限定时间时，为截至所问时点的企业数。
--     企业为法人，每家只计一次；采购与再次采购的类别取其各笔采购中最高者：市场、试用、已退款、行政机关自身、合成；
--     所有采购均已退款的企业计入“已退款”。使用数据的企业按其自身归类，试用期内的使用计入“市场”。按批次（cohort）时，
--     各数均归入企业首次采购的月份：该月首次采购的企业中，有多少使用过数据，有多少再次采购。
--   en: Enterprises that bought for the first time within a period, that used data for the first time within it, and that bought for
--       the second time within it; without a period, those that had done so by the time asked about. An enterprise is a legal
--       entity and counts once. Bought and returned stand in the highest standing of its purchases (market, trial, refunded, the
--       administration itself, synthetic); one whose purchases were all refunded stands in refunded. Used stands in the standing
--       of the enterprise itself, so that use within a trial is in market. By cohort each number is of the month in which the
--       enterprise first bought; how many bought first in it, and how many of them used data and came back.
-- axes:
--   as_of: the purchase had been accepted, or the data used, by then
--   recorded_by: the purchase or the use was known to the market by then
-- dimensions: [section, province, enterprise_kind, cohort, month]
-- standings: [market, trial, refunded, administration, synthetic]
-- parameters: $1 dimension or null, $2 from or null, $3 until or null, $4 as of or null, $5 recorded by or null, $6 standing
WITH cohort AS (
    SELECT enterprise_id, date_trunc('month', min(happened_at) AT TIME ZONE 'Asia/Shanghai') AS month
    FROM enterprise_step
    WHERE $1::text = 'cohort' AND measure = 'bought' AND change > 0 AND ($5::timestamptz IS NULL OR recorded_at <= $5)
    GROUP BY 1
), cell AS (
    -- To few rows first: what is done for each step is all that this costs.
    SELECT CASE $1 WHEN 'section' THEN industry_section WHEN 'province' THEN province WHEN 'enterprise_kind' THEN enterprise_kind
        END AS class,
        CASE $1 WHEN 'cohort' THEN cohort.month WHEN 'month' THEN date_trunc('month', happened_at AT TIME ZONE 'Asia/Shanghai')
        END AS month, measure, sum(change) AS change,
        bit_or(1::bigint << (uuid_hash_extended(enterprise_id, 0) & 63)::integer) AS mark
    FROM enterprise_step LEFT JOIN cohort USING (enterprise_id)
    WHERE standing = $6
        AND ($2::timestamptz IS NULL OR happened_at >= $2) AND ($3::timestamptz IS NULL OR happened_at < $3)
        AND happened_at <= COALESCE($4::timestamptz, now()) AND ($5 IS NULL OR recorded_at <= $5)
    GROUP BY 1, 2, 3
), counted AS (
    SELECT CASE WHEN grouping(told.class) = 0 THEN told.class END AS class, measure, sum(change) AS value,
        bit_count(bit_or(mark)::bit(64)) AS enterprises
    FROM cell CROSS JOIN LATERAL (SELECT COALESCE(cell.class, to_char(cell.month, 'YYYY-MM'), '') AS class) AS told
    GROUP BY GROUPING SETS ((measure), (told.class, measure))
)
-- A small count may be what is left of many that came and went.
SELECT class, measure AS name, 'count' AS unit, value::text AS value,
    LEAST(abs(value), enterprises)::bigint AS enterprises
FROM counted ORDER BY 2, 1 NULLS FIRST;
