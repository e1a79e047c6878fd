-- name: adoption-rate
-- version: 2
-- over: panel
-- title: {zh: 样本采购率, en: Adoption rate of a panel}
-- unit: ratio
-- numerator: {zh: 样本名录中至少有一笔已接受采购的企业数, en: panel enterprises with at least one accepted purchase}
-- denominator: {zh: 样本名录中的企业数, en: enterprises in the panel}
-- definition:
--   zh: 样本企业中，截至所问时点已接受过至少一笔采购（含免费产品）的企业所占比例。只计采购企业本身，不计其子公司；已终止的采购仍计入。
--     分类以名录记录时为准。
--   en: The share of the panel's enterprises that had accepted at least one purchase, free ones included, by the time asked about.
--       An enterprise counts as a legal entity, without its subsidiaries; a purchase that has ended still counts.
--       Classes are those that the enterprises had when the panel was recorded.
-- ported:
--   zh: 当时名录没有版本，且只能收录已进入市场的企业；现取所问已知时点之前记录的最新版本，并只取其中当时已进入市场的成员。
--     保护同第4版。
--   en: A panel had no versions then, and could hold no enterprise that was not in the market. It is now taken in the newest version
--       that was recorded by the time of knowledge asked about, and of its members those that were in the market by then.
--       Protected as version 4 is.
-- axes:
--   as_of: the purchase was accepted by then
--   recorded_by: the purchase was known to the market by then
-- dimensions: [section, province, enterprise_kind]
-- counts: [legal_entity]
-- periods: false
-- parameters: $1 panel code, $2 dimension or null, $3 as of, $4 recorded by, $5 legal_entity, $6 null, $7 null
-- no row: no such panel, or none of its versions was recorded by then
WITH chosen AS (
    SELECT panel.id, panel.code, version.number, version.title_zh, version.title_en, version.dated_on
    FROM panel
    JOIN panel_version AS version ON version.panel_id = panel.id AND version.recorded_at <= $4
    WHERE panel.code = $1
    ORDER BY version.number DESC LIMIT 1
), listed AS MATERIALIZED (
    SELECT CASE $2::text WHEN 'section' THEN member.industry_section WHEN 'province' THEN member.province
            WHEN 'enterprise_kind' THEN member.enterprise_kind END AS class,
        member.synthetic, NOT member.synthetic AND NOT party.synthetic AS protected, party.recorded_at <= $4 AS joined,
        -- With EXISTS the planner reads every purchase of the market; this is one look into an index for each member.
        COALESCE((SELECT true FROM purchase WHERE purchase.enterprise_id = party.id
            AND purchase.accepted_at <= $3 AND purchase.recorded_at <= $4 LIMIT 1), false) AS bought
    FROM chosen
    JOIN panel_member AS member ON member.panel_id = chosen.id AND member.version = chosen.number
    JOIN party ON party.scheme = 'uscc' AND party.identifier = member.enterprise_code
), member AS MATERIALIZED (
    -- Who bought was in the market, also where it was registered late.
    SELECT class, synthetic, protected, bought FROM listed WHERE joined OR bought
), share AS (
    SELECT grouping(class) = 1 AS is_whole, class, count(*) FILTER (WHERE bought) AS numerator, count(*) AS denominator,
        round(count(*) FILTER (WHERE bought)::numeric / NULLIF(count(*), 0), 4) AS rate,
        -- What the protection is decided by, which is not answered.
        count(*) FILTER (WHERE protected) AS protected, count(*) FILTER (WHERE protected AND bought) AS protected_bought
    FROM member GROUP BY GROUPING SETS ((), (class))
)
SELECT json_build_object('metric', 'adoption-rate', 'version', 2,
    'panel', json_build_object('code', chosen.code, 'version', chosen.number, 'title_zh', chosen.title_zh,
        'title_en', chosen.title_en, 'dated_on', chosen.dated_on, 'n', (SELECT count(*) FROM member),
        'synthetic', (SELECT count(*) FROM member WHERE synthetic)),
    'count', $5::text, 'from', $6::timestamptz, 'until', $7::timestamptz, 'as_of', $3::timestamptz,
    'recorded_by', $4::timestamptz, 'by', $2::text)::text,
    is_whole, class, numerator, denominator, rate::text, protected, protected_bought
FROM chosen CROSS JOIN share WHERE is_whole OR $2 IS NOT NULL ORDER BY is_whole DESC, class;
