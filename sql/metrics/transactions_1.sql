-- name: transactions
-- version: 1
-- over: market
-- title: {zh: 采购笔数与合同金额, en: Purchases and their contracted value}
-- unit: {purchases: count, contracted: minor units of the currency}
-- numerator: {zh: 已接受的采购, en: accepted purchases}
-- denominator: {zh: 无, en: none}
-- definition:
--   zh: 一段时间内已接受的采购笔数及其合同金额（不含税；按周期收费的，为单价乘以合同期内的周期数；按量计费部分不计入）。退款自退款之日起从其
--     原类别减去，计入“已退款”。试用在试用期结束前计入“试用”，在此之前终止的始终计入“试用”。合成企业与行政机关自身的采购各自成类。
--     行业、省份与企业类型为采购企业的分类；按卖方省份为接受采购时运营机构所在省份。
--   en: Purchases that were accepted within a period, and their contracted value (net of tax; a price per period times the periods of
--       the term; what is charged by use is not in it). A refund takes the purchase out of its class from that day on and into
--       refunded. A trial counts as trial until it is over, and for ever when it ends before. Synthetic enterprises, and purchases
--       of the administration itself, are classes of their own. Section, province and kind are the buyer's; the seller's province
--       is that of the operator when the purchase was accepted.
-- ported:
--   zh: 由现行汇总中的采购部分计算，汇总另含开票与结算。
--   en: Answered from what today's totals hold of purchases; they hold invoices and settlements besides.
-- axes:
--   as_of: the days that had ended by then, in the time of Beijing
--   recorded_by: what was known when the last day before then ended
-- dimensions: [section, province, enterprise_kind, product_kind, use_class, seller_province, month]
-- standings: [market, trial, refunded, administration, synthetic]
-- parameters: $1 dimension or null, $2 from or null, $3 until or null, $4 as of or null, $5 recorded by or null, $6 standing
WITH cell AS (
    SELECT CASE WHEN $1::text = 'month' THEN to_char(happened_on, 'YYYY-MM') ELSE class END AS class, unit, times, amount, came, went,
        part_1, part_2, part_3, part_4
    FROM total_within(ARRAY['purchased'], COALESCE(NULLIF($1, 'month'), ''), ARRAY[$6::text], $2, $3, $4, $5)
)
-- Behind a value there are those that today's version says.
SELECT CASE WHEN grouping(class) = 0 THEN class END AS class, 'purchases' AS name, 'count' AS unit, sum(times)::text AS value,
    GREATEST(bit_count((bit_or(came) & ~bit_or(went))::bit(64)), (sum(times) <> 0)::integer,
        parts_held(sum(part_1), sum(part_2), sum(part_3), sum(part_4))) AS enterprises
FROM cell GROUP BY GROUPING SETS ((), (class)) HAVING count(*) > 0
UNION ALL
SELECT CASE WHEN grouping(class) = 0 THEN class END, 'contracted', unit, sum(amount)::text,
    GREATEST(bit_count((bit_or(came) & ~bit_or(went))::bit(64)), (sum(amount) <> 0)::integer,
        parts_held(sum(part_1), sum(part_2), sum(part_3), sum(part_4)))
FROM cell WHERE unit <> '' GROUP BY GROUPING SETS ((unit), (class, unit))
ORDER BY 2 DESC, 3, 1 NULLS FIRST;
