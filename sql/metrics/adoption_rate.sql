-- name: adoption-rate
-- version: 4
-- over: panel
-- title: {zh: 样本采购率, en: Adoption rate of a panel}
-- unit: ratio
-- numerator: {zh: 样本名录中至少有一笔已接受采购的企业（或集团）数, en: "enterprises of the panel, or groups of them, with at least one accepted purchase"}
-- denominator: {zh: 样本名录中的企业（或集团）数，含尚未进入市场的企业, en: "enterprises of the panel, or groups of them, with those that are not in the market"}
-- definition:
--   zh: 样本企业中，在所问期间内（不限定期间时，为截至所问时点）接受过至少一笔采购（含免费产品）的企业所占比例。名录取所问已知时点之前
--     记录的最新版本；尚未进入市场的成员计入分母。按法人计（legal_entity）：每个成员计一次，只计采购企业本身，不计其子公司。按集团计（group）：
--     同一集团的成员合计一次，其中任一成员采购即算采购；未写明集团的成员单独计，其信用代码被其他成员写作集团的，与后者同属一集团；
--     集团的类别取其成员中信用代码最小者的类别。已终止的采购仍计入。分类以名录版本记录时为准。保护：名录成员是公开的，故分母照给；
--     但一个类别或全部样本中，已在市场内且非合成的企业不足三家，或其中已采购的为一至二家，或未采购的为一至二家的，不给分子和采购率；
--     并另隐去足够多的类别，使被隐去者合计至少有三家已采购、三家未采购，无法由全部样本推算；做不到的，各类别的分子均不给。尚未进入市场的企业
--     和合成企业不受保护。
--   en: The share of the panel's enterprises that accepted at least one purchase, free ones included, within the period asked about, or
--       by the time asked about where there is no period. The panel is taken in the newest version that was recorded by the time of
--       knowledge asked about; members that are not in the market stand in the denominator. By legal_entity each member counts once,
--       without its subsidiaries. By group the members of one group count once together, and have bought when one of them has; a
--       member without a group counts by itself, with those that name its credit code as their group. A group is of the class of
--       its member with the lowest credit code. A purchase that has ended still counts. Classes are those of when the panel's
--       version was recorded. Protection - who is in a panel is public, so denominators are always given; but numerator and rate
--       are not given of a class, or of the whole, of whose enterprises that are in the market and not made up there are fewer than
--       three, or one or two that bought, or one or two that did not. Other classes are hidden with them until those that are hidden
--       have at least three that bought together and three that did not, so that none follows from the whole; where that cannot be,
--       no class has a numerator. Enterprises that are not in the market, and those that are made up, are not protected.
-- axes:
--   as_of: the purchase was accepted by then
--   recorded_by: the purchase, and the version of the panel, was known to the market by then
-- dimensions: [section, province, enterprise_kind]
-- counts: [legal_entity, group]
-- parameters: $1 panel code, $2 dimension or null, $3 as of, $4 recorded by, $5 legal_entity or group, $6 from or null, $7 until or null
-- no row: no such panel, or none of its versions was recorded by then
WITH chosen AS (
    SELECT panel.id, panel.code, version.number, version.title_zh, version.title_en, version.dated_on
    FROM panel
    JOIN panel_version AS version ON version.panel_id = panel.id AND version.recorded_at <= $4
    WHERE panel.code = $1
    ORDER BY version.number DESC LIMIT 1
), held AS (
    -- Whether the steps tell of every purchase.
    SELECT progress.is_made AND progress.position = COALESCE((SELECT max(position) FROM log_leaf), -1)
        AND NOT EXISTS (SELECT FROM market_event WHERE position IS NULL) AS are_all
    FROM adoption_progress AS progress
), member AS MATERIALIZED (
    SELECT member.enterprise_code,
        CASE $5::text WHEN 'group' THEN COALESCE(member.enterprise_group, member.enterprise_code)
            ELSE member.enterprise_code END AS counted_as,
        CASE $2::text WHEN 'section' THEN member.industry_section WHEN 'province' THEN member.province
            WHEN 'enterprise_kind' THEN member.enterprise_kind END AS class,
        member.synthetic,
        NOT member.synthetic AND NOT party.synthetic AS is_real, party.recorded_at <= $4 AS joined,
        -- Who ever bought is known by steps, which are few. What those do not hold yet the purchases tell: with EXISTS the planner
        -- would read every purchase of the market; this is one look into an index for each member.
        CASE WHEN $6::timestamptz IS NULL AND $7::timestamptz IS NULL AND EXISTS (SELECT FROM enterprise_step AS step
                WHERE step.enterprise_id = party.id AND step.measure = 'bought' AND step.change > 0
                    AND step.happened_at <= $3 AND step.recorded_at <= $4) THEN true
            WHEN $6 IS NULL AND $7 IS NULL AND (SELECT are_all FROM held) THEN false
            ELSE COALESCE((SELECT true FROM purchase WHERE purchase.enterprise_id = party.id
                AND purchase.accepted_at <= $3 AND purchase.recorded_at <= $4
                AND ($6 IS NULL OR purchase.accepted_at >= $6)
                AND ($7 IS NULL OR purchase.accepted_at < $7) LIMIT 1), false) END AS bought
    FROM chosen
    JOIN panel_member AS member ON member.panel_id = chosen.id AND member.version = chosen.number
    LEFT JOIN party ON party.scheme = 'uscc' AND party.identifier = member.enterprise_code
), counted AS MATERIALIZED (
    SELECT bought, COALESCE(is_real AND (bought OR joined), false) AS protected, class FROM member WHERE $5 <> 'group'
    UNION ALL
    SELECT bool_or(bought), COALESCE(bool_or(is_real AND (bought OR joined)), false),
        (array_agg(class ORDER BY enterprise_code COLLATE "C"))[1]
    FROM member WHERE $5 = 'group' GROUP BY counted_as
), share AS (
    SELECT grouping(class) = 1 AS is_whole, class, count(*) FILTER (WHERE bought) AS numerator, count(*) AS denominator,
        round(count(*) FILTER (WHERE bought)::numeric / NULLIF(count(*), 0), 4) AS rate,
        -- What the protection is decided by, which is not answered.
        count(*) FILTER (WHERE protected) AS protected, count(*) FILTER (WHERE protected AND bought) AS protected_bought
    FROM counted GROUP BY GROUPING SETS ((), (class))
)
SELECT json_build_object('metric', 'adoption-rate', 'version', 4,
    'panel', json_build_object('code', chosen.code, 'version', chosen.number, 'title_zh', chosen.title_zh,
        'title_en', chosen.title_en, 'dated_on', chosen.dated_on, 'n', (SELECT count(*) FROM member),
        'synthetic', (SELECT count(*) FROM member WHERE synthetic)),
    'count', $5::text, 'from', $6::timestamptz, 'until', $7::timestamptz, 'as_of', $3::timestamptz,
    'recorded_by', $4::timestamptz, 'by', $2::text)::text,
    is_whole, class, numerator, denominator, rate::text, protected, protected_bought
FROM chosen CROSS JOIN share WHERE is_whole OR $2 IS NOT NULL ORDER BY is_whole DESC, class;
