-- name: adoption-rate
-- version: 2
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
-- axes:
--   as_of: the purchase was accepted by then
--   recorded_by: the purchase was known to the market by then
-- dimensions: [section, province, enterprise_kind]
-- parameters: $1 panel code, $2 dimension or null, $3 as of, $4 recorded by
-- no row: no such panel
WITH chosen AS (
    SELECT id, code, title_zh, title_en, dated_on FROM panel WHERE code = $1
), member AS MATERIALIZED (
    SELECT CASE $2::text WHEN 'section' THEN industry_section WHEN 'province' THEN province
            WHEN 'enterprise_kind' THEN enterprise_kind END AS class,
        synthetic,
        -- With EXISTS the planner reads every purchase of the market; this is one look into an index for each member.
        COALESCE((SELECT true FROM purchase WHERE purchase.enterprise_id = panel_member.enterprise_id
            AND purchase.accepted_at <= $3 AND purchase.recorded_at <= $4 LIMIT 1), false) AS bought
    FROM chosen
    JOIN panel_member ON panel_member.panel_id = chosen.id
)
SELECT json_build_object('metric', 'adoption-rate', 'version', 2,
    'panel', json_build_object('code', chosen.code, 'title_zh', chosen.title_zh, 'title_en', chosen.title_en,
        'dated_on', chosen.dated_on, 'n', (SELECT count(*) FROM member),
        'synthetic', (SELECT count(*) FROM member WHERE synthetic)),
    'as_of', $3::timestamptz, 'recorded_by', $4::timestamptz,
    'numerator', (SELECT count(*) FROM member WHERE bought), 'denominator', (SELECT count(*) FROM member),
    'rate', (SELECT round(count(*) FILTER (WHERE bought)::numeric / NULLIF(count(*), 0), 4) FROM member),
    'by', $2::text,
    'breakdown', COALESCE((SELECT json_agg(json_build_object('class', class, 'numerator', numerator,
            'denominator', denominator, 'rate', round(numerator::numeric / denominator, 4)) ORDER BY class)
        FROM (SELECT class, count(*) FILTER (WHERE bought) AS numerator, count(*) AS denominator
              FROM member WHERE $2::text IS NOT NULL GROUP BY class) AS classes), '[]'::json))::text
FROM chosen;
