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
--   zh: 由现行步骤中的采购与再次采购计算，现行步骤另含使用数据。
--   en: Answered from what today's steps hold of those that bought and came back; they hold those that used data besides.
-- axes:
--   as_of: the purchase had been accepted by then
--   recorded_by: the purchase was known to the market by then
-- dimensions: [section, province, enterprise_kind, month]
-- standings: [market, trial, refunded, administration, synthetic]
-- parameters: $1 dimension or null, $2 from or null, $3 until or null, $4 as of or null, $5 recorded by or null, $6 standing
WITH cell AS (
    SELECT COALESCE(CASE $1::text WHEN 'section' THEN industry_section WHEN 'province' THEN province
            WHEN 'enterprise_kind' THEN enterprise_kind
            WHEN 'month' THEN to_char(happened_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') END, '') AS class, measure, change,
        1::bigint << (uuid_hash_extended(enterprise_id, 0) & 63)::integer AS mark
    FROM enterprise_step
    WHERE measure IN ('bought', 'returned') AND standing = $6
        AND ($2::timestamptz IS NULL OR happened_at >= $2) AND ($3::timestamptz IS NULL OR happened_at < $3)
        AND happened_at <= COALESCE($4::timestamptz, now()) AND ($5::timestamptz IS NULL OR recorded_at <= $5)
), counted AS (
    SELECT CASE WHEN grouping(class) = 0 THEN class END AS class, measure, sum(change) AS value,
        bit_count(bit_or(mark)::bit(64)) AS enterprises
    FROM cell GROUP BY GROUPING SETS ((measure), (class, measure))
)
-- A small count may be what is left of many that came and went.
SELECT class, measure AS name, 'count' AS unit, value::text AS value,
    LEAST(abs(value), enterprises)::bigint AS enterprises
FROM counted ORDER BY 2, 1 NULLS FIRST;
