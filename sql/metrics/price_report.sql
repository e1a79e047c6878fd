-- name: price-report
-- version: 1
-- over: market
-- title: {zh: 公共数据运营服务费年度报告, en: The yearly report on guided prices}
-- unit: {"reports_CURRENCY": count, allowed_revenue: minor units of the currency, revenue: minor units of the currency, "deviation_CURRENCY": ratio,
--   "above_bound_CURRENCY": count}
-- numerator: {zh: deviation 为实际收入减准许收入, en: of deviation the revenue less what is allowed}
-- denominator: {zh: deviation 为准许收入, en: of deviation the allowed revenue}
-- definition:
--   zh: 运营机构按《关于建立公共数据资源授权运营价格形成机制的通知》（发改价格〔2025〕65号）所报的年度报告数（reports），一家机构一年一份，只计已结束
--     的年度。准许收入为扣除补贴的成本、按所报利润率计的利润与税金之和，减去应扣减的上一周期超额收入。实际收入（revenue）为这些机构当年开具的发票
--     净额（不含税）减去当年红字发票净额，限所报币种。deviation 为实际收入对准许收入的偏差；above_bound 为偏差绝对值超过政策表所定比例（百分之十）
--     的报告数，此时由授权主体调整最高限价。该规定只要求公开产品清单与收费标准，收入不在公开之列，故按有金额的企业数与机构数中较小者隐去，且不按机构列示。“市场”类别含行政机关自身的采购。卖方以接受采购时的运营机构为准。
--   en: Reports that operators made by the rules on the prices of authorised operation (发改价格〔2025〕65号), one of an operator for a
--       year, of years that have ended. Allowed revenue is the cost net of subsidies, the profit on it at the rate stated, and tax,
--       less the excess income of the cycle before that is to be deducted. Revenue is what these operators invoiced in their years
--       less what was given back in them, without VAT and in the currency of the report. deviation is how far revenue is from what is
--       allowed, as a part of it; above_bound are the reports of which it is farther than the policy table says (10 per cent), so
--       that the authorising body adjusts the ceilings. The rules publish products and their charges, and not revenue, which is
--       therefore hidden where few buyers that pay or few operators that earn are behind it, and not told by operator. The standing market holds the
--       purchases of the administration too. Seller is who operated the product when the purchase was accepted.
-- axes:
--   as_of: the year had ended by then, in the time of Beijing, with the invoices and credit notes of its days
--   recorded_by: the newest statement of the report by then, and the invoices that were known when the last day before then ended
-- dimensions: [year]
-- standings: [market, synthetic]
-- parameters: $1 dimension or null, $2 from or null, $3 until or null, $4 as of or null, $5 recorded by or null, $6 standing
WITH stated AS MATERIALIZED (
    SELECT DISTINCT ON (version.operator_id, version.year) operator.code AS operator, version.year, version.currency,
        version.cost_minor - version.subsidies_minor + round((version.cost_minor - version.subsidies_minor) * version.profit_rate)
            + version.tax_minor - version.deducted_minor AS allowed
    FROM price_statement_version AS version JOIN party AS operator ON operator.id = version.operator_id
    WHERE COALESCE(version.recorded_at <= $5::timestamptz, true)
        AND make_date(version.year + 1, 1, 1) <= legal_day(COALESCE($4::timestamptz, now()))
        AND COALESCE(make_date(version.year, 1, 1) >= legal_day($2::timestamptz), true)
        AND COALESCE(make_date(version.year + 1, 1, 1) <= legal_day($3::timestamptz), true)
    ORDER BY version.operator_id, version.year, version.recorded_at DESC
), income AS MATERIALIZED (
    SELECT class AS operator, extract(year FROM happened_on)::integer AS year, unit AS currency, sum(amount) AS revenue,
        bit_or(came) & ~bit_or(went) AS mark, sum(part_1) AS part_1, sum(part_2) AS part_2, sum(part_3) AS part_3,
        sum(part_4) AS part_4
    FROM total_within(ARRAY['invoiced'], 'seller', CASE $6 WHEN 'market' THEN ARRAY['market', 'administration'] ELSE ARRAY[$6::text] END, NULL,
        'infinity', 'infinity', $5)
    GROUP BY 1, 2, 3
), report AS MATERIALIZED (
    SELECT stated.operator, stated.year, stated.currency, stated.allowed, COALESCE(income.revenue, 0) AS revenue,
        COALESCE(income.mark, 0) AS mark, income.part_1, income.part_2, income.part_3, income.part_4,
        COALESCE(abs(COALESCE(income.revenue, 0) - stated.allowed) > bound.value * stated.allowed, false) AS is_above
    FROM stated LEFT JOIN income USING (operator, year, currency)
    LEFT JOIN policy AS bound ON bound.rule = 'revenue_deviation' AND bound.effective @> make_date(stated.year, 12, 31)
), counted AS (
    SELECT CASE WHEN grouping(told.class) = 0 THEN COALESCE(told.class, '') END AS class, report.currency, count(*) AS reports,
        sum(report.allowed) AS allowed, sum(report.revenue) AS revenue, count(*) FILTER (WHERE report.is_above) AS above,
        GREATEST(count(DISTINCT report.operator) FILTER (WHERE report.allowed <> 0), 1) AS operators,
        LEAST(GREATEST(count(DISTINCT report.operator) FILTER (WHERE report.revenue <> 0), 1),
            GREATEST(bit_count(bit_or(report.mark)::bit(64)), 1,
                parts_held(sum(part_1), sum(part_2), sum(part_3), sum(part_4)))) AS enterprises
    FROM report CROSS JOIN LATERAL (SELECT CASE $1::text WHEN 'year' THEN report.year::text END AS class) AS told
    GROUP BY GROUPING SETS ((report.currency), (told.class, report.currency))
)
-- What operators state is theirs. What is compared with revenue tells of it, so that all of it is hidden together.
SELECT counted.class, value.name, value.unit, value.number::text AS value, value.enterprises::bigint
FROM counted CROSS JOIN LATERAL (VALUES (1, 'reports_' || currency, 'count', reports::numeric, 0),
    (2, 'allowed_revenue', currency, allowed, operators), (3, 'revenue', currency, revenue, enterprises),
    (4, 'deviation_' || currency, 'ratio', round((revenue - allowed) / NULLIF(allowed, 0), 4), enterprises),
    (5, 'above_bound_' || currency, 'count', above, enterprises)) AS value (place, name, unit, number, enterprises)
WHERE value.number IS NOT NULL AND (counted.class IS NULL OR $1 IS NOT NULL)
ORDER BY value.place, value.unit, counted.class NULLS FIRST;
