-- name: transactions
-- version: 2
-- over: market
-- title: {zh: 采购笔数与合同、开票、结算金额, en: "Purchases, and their value as contracted, invoiced and settled"}
-- unit: {purchases: count, contracted: minor units of the currency, invoiced: minor units of the currency, settled: minor units of the currency}
-- numerator: {zh: 已接受的采购, en: accepted purchases}
-- denominator: {zh: 无, en: none}
-- definition:
--   zh: 一段时间内已接受的采购笔数及其合同金额（不含税；按周期收费的，为单价乘以合同期内的周期数；按量计费部分不计入）。退款自退
--     款之日起从其原类别减去，计入“已退款”。试用在试用期结束前计入“试用”，在此之前终止的始终计入“试用”。合成企业与行政机关自身
--     的采购各自成类。开票金额为账单开具之日的不含税金额，减去贷项；结算金额为账单付清之日其不含税金额，此后的贷项减去；两者包
--     括试用与已退款采购的账单，计入企业自身的类别。行业、省份与企业类型为采购企业的分类；卖方省份为当时运营机构所在省份；数据
--     来源省份为产品版本所依据目录条目的提供单位所在省份；领域与场景为当时引用该产品的示范场景；涉及多个的归入“several”。渠道
--     为场内；首次为该企业最先计入的采购，其余为再次；两者不适用于开票与结算。
--   en: Purchases that were accepted within a period, and their contracted value (net of tax; a price per period times the
--       periods of the term; what is charged by use is not in it). A refund takes the purchase out of its class from that day on
--       and into refunded. A trial counts as trial until it is over, and for ever when it ends before. Synthetic enterprises,
--       and purchases of the administration itself, are classes of their own. Invoiced is what invoices are over on the day they
--       are issued, net of tax, less credit notes; settled is what they are over on the day they are settled, less credit notes
--       after that; both hold invoices of trials and of refunded purchases too, in the standing of the enterprise. Section,
--       province and kind are the buyer's; the seller's province is that of the operator at the time; the origin's province is
--       that of the departments that provide the directory entries behind the product's revision; domain and scenario are those
--       of the demonstration scenarios that name the product at the time. What is of more than one is of the class several. The
--       channel is on the exchange; first is the purchase of an enterprise that was counted first, all others repeat; neither is
--       told of what is invoiced and settled.
-- axes:
--   as_of: the days that had ended by then, in the time of Beijing
--   recorded_by: what was known when the last day before then ended
-- dimensions: [section, province, enterprise_kind, product_kind, use_class, seller_province, origin_province, domain, scenario, channel, order, month]
-- standings: [market, trial, refunded, administration, synthetic]
-- parameters: $1 dimension or null, $2 from or null, $3 until or null, $4 as of or null, $5 recorded by or null, $6 standing
WITH cell AS MATERIALIZED (
    -- To few rows first, which all else costs.
    SELECT CASE WHEN $1::text = 'month' THEN to_char(happened_on, 'YYYY-MM') ELSE class END AS class, measure, unit, sum(times) AS times,
        sum(amount) AS amount, bit_or(came) AS came, bit_or(went) AS went,
        sum(part_1) AS part_1, sum(part_2) AS part_2, sum(part_3) AS part_3, sum(part_4) AS part_4
    FROM total_within(ARRAY['purchased', 'invoiced', 'settled'],
        COALESCE(NULLIF($1, 'month'), ''), ARRAY[$6::text], $2, $3, $4, $5)
    GROUP BY 1, 2, 3
)
-- Whoever had a purchase that was taken back is not counted among those behind a value: it may be of the others alone; but of a
-- part of the enterprises of which something is left, there is one. Behind what is not zero there is one at least, too.
SELECT CASE WHEN grouping(class) = 0 THEN class END AS class, 'purchases' AS name, 'count' AS unit, sum(times)::text AS value,
    GREATEST(bit_count((bit_or(came) & ~bit_or(went))::bit(64)), (sum(times) <> 0)::integer,
        parts_held(sum(part_1), sum(part_2), sum(part_3), sum(part_4))) AS enterprises
FROM cell WHERE measure = 'purchased' GROUP BY GROUPING SETS ((), (class)) HAVING count(*) > 0
UNION ALL
SELECT CASE WHEN grouping(class) = 0 THEN class END, CASE measure WHEN 'purchased' THEN 'contracted' ELSE measure END, unit,
    sum(amount)::text, GREATEST(bit_count((bit_or(came) & ~bit_or(went))::bit(64)), (sum(amount) <> 0)::integer,
        parts_held(sum(part_1), sum(part_2), sum(part_3), sum(part_4)))
FROM cell WHERE unit <> '' GROUP BY GROUPING SETS ((measure, unit), (class, measure, unit))
ORDER BY 2 DESC, 3, 1 NULLS FIRST;
