-- name: products
-- version: 1
-- over: market
-- title: {zh: 数据产品数, en: Products that are listed, sold and never sold}
-- unit: {listed: count, newly_listed: count, delisted: count, sold: count, never_sold: count}
-- numerator: {zh: 数据产品, en: products}
-- denominator: {zh: 无, en: none}
-- definition:
--   zh: 截至所问时点（或一段时间的末尾）在挂牌的数据产品数（listed）；一段时间内挂牌（newly_listed）与下架（delisted）的产品数，不限定时间时
--     为截至所问时点的全部。在挂牌的产品中，已接受过至少一笔采购的为已售（sold），其余为未售（never_sold）。产品只计一次，类别取其各笔采购中
--     最高者（市场、试用、已退款、行政机关自身、合成）；所有采购均已退款的产品计入“已退款”，在“市场”中为未售。暂停的产品仍在挂牌。卖方省份为
--     所问时点运营机构所在省份；领域为产品所属示范场景的领域，属于几个领域的归入“several”。市场只保留产品最近一次挂牌。
--   en: Products that are listed at the time asked about, or at the end of a period; those listed and delisted within the period
--       or, without one, by then. Of the listed ones, those with at least one accepted purchase are sold, and the others never
--       sold. A product counts once, in the highest standing of its purchases (market, trial, refunded, the administration
--       itself, synthetic); one whose purchases were all refunded stands in refunded, and is never sold in market. A suspended
--       product is still listed. The seller's province is the operator's at that time; the domain is that of the scenarios which
--       name the product, or several. Of a product the market keeps its last listing only.
-- axes:
--   as_of: the product was listed, and its purchase accepted, by then
--   recorded_by: the purchase, who operated the product and its scenarios were known by then; a listing is known when it is made
-- dimensions: [product_kind, use_class, seller_province, domain, month]
-- standings: [market, trial, refunded, administration, synthetic]
-- parameters: $1 dimension or null, $2 from or null, $3 until or null, $4 as of or null, $5 recorded by or null, $6 standing
WITH asked AS (
    SELECT LEAST(COALESCE($4::timestamptz, now()), $3::timestamptz - interval '1 microsecond') AS as_of,
        COALESCE($5::timestamptz, 'infinity') AS known
), sold AS (
    SELECT product_id, bit_or(came) & ~bit_or(went) AS mark
    FROM product_step, asked
    WHERE standing = $6 AND happened_at <= as_of AND recorded_at <= known
    GROUP BY product_id HAVING sum(change) > 0
), held AS NOT MATERIALIZED (
    SELECT product.id, product.code, product.kind, product.use_class, product.listed_at, gone.at AS delisted_at,
        $2::timestamptz IS NULL OR product.listed_at >= $2 AS is_new,
        gone.at IS NOT NULL AND ($2 IS NULL OR gone.at >= $2) AS is_delisted,
        gone.at IS NULL AS is_listed, gone.at IS NULL AND sold.product_id IS NOT NULL AS is_sold, sold.mark
    FROM asked CROSS JOIN product
    CROSS JOIN LATERAL (SELECT CASE WHEN product.delisted_at <= LEAST(as_of, known) THEN product.delisted_at END AS at) AS gone
    LEFT JOIN sold ON sold.product_id = product.id
    WHERE product.listed_at <= LEAST(as_of, known)
), classed AS (
    SELECT NULL AS class, is_listed, is_new, is_delisted, is_sold, mark FROM held WHERE COALESCE($1 = 'month', true)
    UNION ALL
    SELECT CASE $1::text WHEN 'product_kind' THEN kind ELSE use_class END, is_listed, is_new, is_delisted, is_sold, mark
    FROM held WHERE $1 IN ('product_kind', 'use_class')
    UNION ALL
    SELECT COALESCE(seller.province, ''), is_listed, is_new, is_delisted, is_sold, mark
    FROM held CROSS JOIN asked
    LEFT JOIN responsibility AS operated ON operated.product_id = held.id AND operated.role = 'operator'
        AND operated.valid @> asked.as_of AND operated.recorded @> asked.known
    LEFT JOIN party AS seller ON seller.id = operated.party_id
    WHERE $1 = 'seller_province'
    UNION ALL
    SELECT COALESCE(named.domain, ''), is_listed, is_new, is_delisted, is_sold, mark
    FROM held LEFT JOIN (SELECT product.code, CASE WHEN count(DISTINCT scenario.domain) > 1 THEN 'several' ELSE min(scenario.domain) END
            AS domain
        FROM asked CROSS JOIN LATERAL scenario_known(asked.known) AS scenario CROSS JOIN LATERAL unnest(scenario.products) AS product (code)
        WHERE scenario.published_on <= legal_day(asked.as_of) GROUP BY product.code) AS named ON named.code = held.code
    WHERE $1 = 'domain'
    UNION ALL
    SELECT to_char(moved.at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM'), false, moved.is_new, moved.is_delisted, false, NULL
    FROM held CROSS JOIN LATERAL (VALUES (held.listed_at, held.is_new, false), (held.delisted_at, false, held.is_delisted))
        AS moved (at, is_new, is_delisted)
    WHERE $1 = 'month' AND (moved.is_new OR moved.is_delisted)
), part AS MATERIALIZED (
    SELECT class, count(*) FILTER (WHERE is_listed) AS listed, count(*) FILTER (WHERE is_new) AS newly_listed,
        count(*) FILTER (WHERE is_delisted) AS delisted, count(*) FILTER (WHERE is_sold) AS sold,
        COALESCE(bit_or(mark) FILTER (WHERE is_sold), 0) AS mark
    FROM classed GROUP BY class
), counted AS (
    SELECT class, listed, newly_listed, delisted, sold, bit_count(mark::bit(64)) AS enterprises FROM part
    UNION ALL
    -- Every product is of one class; only in a month it may be twice.
    SELECT NULL, COALESCE(sum(listed), 0), COALESCE(sum(newly_listed), 0), COALESCE(sum(delisted), 0), COALESCE(sum(sold), 0),
        COALESCE(bit_count(bit_or(mark)::bit(64)), 0)
    FROM part HAVING $1 <> 'month'
)
-- What is listed is public. What is sold tells of what is not, so that both are hidden together. Behind what is sold there is one
-- enterprise at least, whatever the bits say.
SELECT class, value.name, 'count' AS unit, value.number::text AS value, value.enterprises::bigint AS enterprises
FROM counted CROSS JOIN LATERAL (VALUES (1, 'listed', listed, 0), (2, 'newly_listed', newly_listed, 0),
    (3, 'delisted', delisted, 0), (4, 'sold', sold, GREATEST(enterprises, (sold > 0)::integer)),
    (5, 'never_sold', listed - sold, GREATEST(enterprises, (sold > 0)::integer))) AS value (place, name, number, enterprises)
WHERE class IS NULL OR $1 <> 'month' OR value.place IN (2, 3)
ORDER BY value.place, class NULLS FIRST;
