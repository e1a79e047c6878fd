-- name: declared-purchases
-- version: 1
-- over: market
-- title: {zh: 申报的场外及其他场所采购, en: Purchases declared that were made elsewhere}
-- unit: {declared: count, declared_value: minor units of the currency}
-- numerator: {zh: 申报的采购, en: declared purchases}
-- denominator: {zh: 无, en: none}
-- definition:
--   zh: 在本市场以外成交、由申报方报送的数据采购笔数及其申报金额。未经本市场核实，不计入任何其他指标，单独列示。渠道为其他交易场所（on_exchange）、
--     备案交易（filed）或场外交易（off_exchange）。更正自获知之日起取代原申报，撤回的不计入。分类以申报所写为准，未写的取申报时本市场所知。
--   en: Purchases of data that were made elsewhere, as they are declared, and their declared value. The market has not checked them;
--       they are in no other metric and shown apart. The channel is another exchange (on_exchange), filed, or off the exchange
--       (off_exchange). A correction replaces what was declared from when it became known; what is withdrawn does not count.
--       Classes are those that were declared, or what the market knew when it was declared.
-- axes:
--   as_of: the purchase was accepted on a day that had ended by then, in the time of Beijing
--   recorded_by: what was declared by then
-- totals: none
-- dimensions: [section, province, enterprise_kind, channel, month]
-- standings: [market, synthetic]
-- parameters: $1 dimension or null, $2 from or null, $3 until or null, $4 as of or null, $5 recorded by or null, $6 standing
WITH cell AS (
    SELECT COALESCE(CASE $1::text WHEN 'section' THEN industry_section WHEN 'province' THEN province
            WHEN 'enterprise_kind' THEN enterprise_kind WHEN 'channel' THEN channel
            WHEN 'month' THEN to_char(accepted_on, 'YYYY-MM') END, '') AS class, currency, value_minor, enterprise_code
    FROM declared_purchase
    WHERE NOT withdrawn AND CASE WHEN synthetic THEN 'synthetic' ELSE 'market' END = $6
        AND CASE WHEN $5::timestamptz IS NULL THEN upper_inf(recorded) ELSE recorded @> $5 END
        AND ($2::timestamptz IS NULL OR accepted_on >= legal_day($2))
        AND ($3::timestamptz IS NULL OR accepted_on < legal_day($3))
        AND accepted_on < COALESCE(legal_day($4::timestamptz), legal_day(now()) + 1)
)
SELECT CASE WHEN grouping(class) = 0 THEN class END AS class, 'declared' AS name, 'count' AS unit, count(*)::text AS value,
    count(DISTINCT enterprise_code) AS enterprises
FROM cell GROUP BY GROUPING SETS ((), (class)) HAVING count(*) > 0
UNION ALL
SELECT CASE WHEN grouping(class) = 0 THEN class END, 'declared_value', currency, sum(value_minor)::text,
    count(DISTINCT enterprise_code)
-- Behind a value there are those who paid.
FROM cell WHERE value_minor <> 0 GROUP BY GROUPING SETS ((currency), (class, currency))
ORDER BY 2, 3, 1 NULLS FIRST;
