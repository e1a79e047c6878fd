-- name: new-companies
-- version: 1
-- over: public
-- title: {zh: 中央企业新设立公司, en: Companies newly established by central enterprises}
-- unit: {companies: count, groups: count, synthetic_companies: count, synthetic_groups: count}
-- numerator:
--   zh: 公司数，同一统一社会信用代码计一次；集团数，同一集团代码计一次
--   en: companies, each credit code once; groups, each credit code of a group once
-- denominator: {zh: 无, en: none}
-- definition:
--   zh: 一段时间内成立的、名单所列由中央企业设立的公司数（companies），不限定时间时为截至所问之日的累计数；按统一社会信用代码去重，是公司数，
--     不是集团数。groups 为设立这些公司的中央企业集团数，按集团代码去重；同一集团可在多个年度、月份、门类和省份中各计一次，故各类之和可大于总数。
--     成立后注销、更名或划转的公司仍计入；一家公司只属一个集团，多家共同设立的归控股集团；撤回的不计入。哪些公司列入名单及其依据由报送方说明，
--     信用代码已校验，登记情况未经本市场核实。集团以最近所知的名称列示，两个集团同名时附其代码。省份取自信用代码中的登记机关行政区划
--     （2015年10月1日代码启用以后成立、且区划属于某省的公司，即成立时的登记地），其余以报送所写为准。合成公司另计为 synthetic_companies 与
--     synthetic_groups，不在其他两项之内。设立登记由登记机关依《企业信息公示暂行条例》向社会公示，本指标也不涉及任何企业的采购，故不隐去。
--   en: Companies that are listed as established by a central enterprise within the period or, without one, until the day asked
--       about. Each unified social credit code counts once. These are companies, not groups. groups are the central enterprises
--       that established them, each code once; one group may have companies of several years, months, sections and provinces, so
--       that classes may add up to more than the whole. A company that was dissolved, renamed or handed over later still counts.
--       It belongs to one group, of several founders to the one that controls it. What is withdrawn does not count. Which
--       companies are listed, and by which source, is said by whoever states them; their credit codes are checked, their
--       registration is not. A group is shown by its name as it was last known, with its code where two have the same. The
--       province is that of the registering authority in the credit code, for companies established since codes are given
--       (1 October 2015) where it is one of a province, which is where they were registered at first; else as stated. Synthetic
--       companies are synthetic_companies and synthetic_groups, and in neither of the others. That a company was established is
--       made public by the registering authority under the rules on the publicity of enterprise information, and nothing here
--       tells what an enterprise bought, so that nothing is hidden.
-- axes:
--   as_of: the company was established on a day that had ended by then, in the time of Beijing
--   recorded_by: what was stated by then
-- dimensions: [group, year, month, section, province]
-- parameters: $1 dimension or null, $2 from or null, $3 until or null, $4 as of or null, $5 recorded by or null
WITH believed AS MATERIALIZED (
    SELECT company_code, group_code, group_name, established_on, industry_section, province, synthetic, lower(recorded) AS known_since
    FROM new_company
    WHERE NOT withdrawn AND CASE WHEN $5::timestamptz IS NULL THEN upper_inf(recorded) ELSE recorded @> $5 END
), named AS (
    -- Of all that is believed, not of the period: so that a group has the same name in two of them.
    SELECT group_code, CASE WHEN count(*) OVER (PARTITION BY name) > 1 THEN name || ' ' || group_code ELSE name END AS name
    FROM (SELECT DISTINCT ON (group_code) group_code, group_name AS name FROM believed
        ORDER BY group_code, known_since DESC, company_code DESC) AS newest
), counted AS (
    SELECT COALESCE(CASE $1::text WHEN 'group' THEN named.name WHEN 'year' THEN to_char(established_on, 'YYYY')
            WHEN 'month' THEN to_char(established_on, 'YYYY-MM') WHEN 'section' THEN industry_section
            WHEN 'province' THEN province END, '') AS class, synthetic, company_code, group_code
    FROM believed JOIN named USING (group_code)
    WHERE ($2::timestamptz IS NULL OR established_on >= legal_day($2))
        AND ($3::timestamptz IS NULL OR established_on < legal_day($3))
        AND established_on < COALESCE(legal_day($4::timestamptz), legal_day(now()) + 1)
), summed AS (
    SELECT CASE WHEN grouping(class) = 0 THEN class END AS class, synthetic, count(DISTINCT company_code) AS companies,
        count(DISTINCT group_code) AS groups
    FROM counted GROUP BY GROUPING SETS ((synthetic), (class, synthetic))
)
SELECT summed.class, CASE WHEN synthetic THEN 'synthetic_' ELSE '' END || value.name AS name, 'count' AS unit,
    value.number::text AS value, 0::bigint AS enterprises
FROM summed CROSS JOIN LATERAL (VALUES (1, 'companies', companies), (2, 'groups', groups)) AS value (place, name, number)
-- A group is one group.
WHERE summed.class IS NULL OR $1 IS DISTINCT FROM 'group' OR value.place = 1
ORDER BY synthetic, value.place, summed.class NULLS FIRST;
