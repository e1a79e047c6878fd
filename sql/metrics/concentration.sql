-- name: concentration
-- version: 1
-- over: market
-- title: {zh: 卖方集中度, en: Concentration among sellers}
-- unit: {sellers: count, top_ten_share: ratio, herfindahl: ratio, top_ten_share_of_value: ratio, herfindahl_of_value: ratio}
-- numerator: {zh: 前十家卖方的采购笔数或合同金额；赫芬达尔指数为各家占比的平方和, en: "purchases of the ten largest sellers, or their contracted value; the Herfindahl index is the sum of the squared shares of all"}
-- denominator: {zh: 全部卖方的采购笔数或合同金额, en: "purchases of all sellers, or their contracted value"}
-- definition:
--   zh: 一段时间内有采购的卖方（接受采购时的运营机构）数，其中最大的十家在采购笔数与合同金额中的占比，以及各家占比平方和（赫芬达尔指数，0至1）。
--     金额按货币分别计算，不折算；全部免费时没有金额的占比。采购的类别、金额与退款的计法同“采购笔数与合同金额”（transactions）；净额为零或为
--     负的卖方不计。卖方未知的采购合为一家。背后卖方或采购企业少于三家的隐去；金额的占比以付费的企业计。
--   en: Sellers with purchases within a period (the operators when the purchases were accepted), the share of the ten largest in the
--       number of purchases and in their contracted value, and the sum of the squared shares of all (the Herfindahl index, 0 to 1).
--       Value is by currency, and not converted; where all is free it has no shares. Standings, value and refunds are as in
--       transactions; a seller of which nothing is left is not counted. Purchases whose seller is unknown are of one. What has fewer
--       than three sellers or three buying enterprises behind it is hidden; behind shares of value there are those that pay.
-- axes:
--   as_of: the days that had ended by then, in the time of Beijing
--   recorded_by: what was known when the last day before then ended
-- dimensions: [month]
-- standings: [market, trial, refunded, administration, synthetic]
-- parameters: $1 dimension or null, $2 from or null, $3 until or null, $4 as of or null, $5 recorded by or null, $6 standing
WITH cell AS MATERIALIZED (
    SELECT CASE WHEN $1::text = 'month' THEN date_trunc('month', happened_on::timestamp) END AS month, class AS seller, unit,
        sum(times)::bigint AS times, sum(amount) AS amount, bit_or(came) AS came, bit_or(went) AS went, sum(part_1)::bigint AS part_1,
        sum(part_2)::bigint AS part_2, sum(part_3)::bigint AS part_3, sum(part_4)::bigint AS part_4
    FROM total_within(ARRAY['purchased'], 'seller', ARRAY[$6::text], $2, $3, $4, $5, COALESCE($1 = 'month', false))
    GROUP BY 1, 2, 3
), summed AS (
    SELECT month AS class, seller, 'purchases' AS counts, '' AS unit, sum(times) AS amount, bit_or(came) AS came,
        bit_or(went) AS went, sum(part_1) AS part_1, sum(part_2) AS part_2, sum(part_3) AS part_3, sum(part_4) AS part_4
    FROM cell GROUP BY GROUPING SETS ((seller), (month, seller)) HAVING grouping(month) = 1 OR month IS NOT NULL
    UNION ALL
    SELECT month, seller, 'value', unit, sum(amount), bit_or(came), bit_or(went), sum(part_1), sum(part_2), sum(part_3), sum(part_4)
    FROM cell WHERE unit <> '' GROUP BY GROUPING SETS ((seller, unit), (month, seller, unit))
    HAVING grouping(month) = 1 OR month IS NOT NULL
), placed AS (
    SELECT summed.*,
        row_number() OVER (PARTITION BY class, counts, unit ORDER BY amount DESC, seller) AS place,
        sum(amount) OVER (PARTITION BY class, counts, unit) AS total
    FROM summed WHERE amount > 0
), measured AS (
    SELECT class, counts, unit, count(*) AS sellers, round(sum(amount) FILTER (WHERE place <= 10) / max(total), 4) AS top_ten,
        round(sum((amount / total) * (amount / total)), 4) AS herfindahl,
        LEAST(count(*), GREATEST(bit_count((bit_or(came) & ~bit_or(went))::bit(64)), 1,
            parts_held(sum(part_1), sum(part_2), sum(part_3), sum(part_4)))) AS enterprises
    FROM placed GROUP BY class, counts, unit
)
SELECT to_char(class, 'YYYY-MM') AS class, value.name || CASE WHEN measured.unit <> '' THEN '_' || measured.unit ELSE '' END AS name,
    value.unit, value.number::text AS value, enterprises
FROM measured CROSS JOIN LATERAL (VALUES (1, CASE counts WHEN 'purchases' THEN 'sellers' END, 'count', sellers::numeric),
    (2, CASE counts WHEN 'purchases' THEN 'top_ten_share' ELSE 'top_ten_share_of_value' END, 'ratio', top_ten),
    (3, CASE counts WHEN 'purchases' THEN 'herfindahl' ELSE 'herfindahl_of_value' END, 'ratio', herfindahl))
    AS value (place, name, unit, number)
WHERE value.name IS NOT NULL
ORDER BY value.place, 2, measured.class NULLS FIRST;
