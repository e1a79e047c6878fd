-- name: directory
-- version: 1
-- over: public
-- title: {zh: 公共数据目录的完整度与时效, en: How complete and how fresh the directory is}
-- unit: {in_force: count, published: count, withdrawn: count, required_share: ratio, optional_share: ratio, complete: count,
--   complete_share: ratio, with_frequency: count, overdue: count, fresh_share: ratio, median_days: days}
-- numerator: {zh: 目录条目（required_share 与 optional_share 为其所述元数据项数）, en: "entries; of required_share and optional_share the elements of metadata that they state"}
-- denominator:
--   zh: complete_share 为有效条目；required_share 与 optional_share 为有效条目数乘以六；fresh_share 为述有更新周期的有效条目
--   en: of complete_share entries in force; of required_share and optional_share six for each of them; of fresh_share those of them
--       that state an update frequency
-- definition:
--   zh: 截至所问之日（或一段时间的末日）有效的目录条目（in_force），以及一段时间内发布（published）与撤销（withdrawn）的条目，不限定时间时为至该日
--     的全部。完整度按常见所述的 GB/T 21063.3 核心元数据计（未对照标准原文核实）。必选六项为名称、标识符、元数据标识符（每条均有）、摘要、提供
--     单位、分类或主题；可选六项为发布日期、关键词、空间范围、使用条件（共享条件、许可或访问级别）、在线链接、更新日期。complete 为必选项俱全
--     的条目。时效：述有更新周期的条目中，所述更新日期（未述的为该版本生效之日）加一个周期已早于所问之日的为逾期（overdue），其余为及时；每月按
--     31天、每年按366天计。median_days 为有效条目距上次更新日数的中位数。省份为该版本生效时提供单位（未述的为发布单位）所在省份；主题为条目
--     所述的第一个。
--   en: Entries of the directory in force on the day asked about, or on the last of a period, and those published and withdrawn within
--       the period or, without one, until that day. Completeness is by the core metadata of GB/T 21063.3 as it is commonly cited
--       (not checked against its text). Required are a name, an identifier and that of the metadata, which every entry has, an
--       abstract, who provides it, and a classification or theme. Optional are the day of issue, keywords, a place, conditions of
--       use (of sharing, a licence or a level of access), an address on the web, and the day of the last update. Complete entries
--       state all required ones. Of entries with an update frequency those are overdue whose last update (where none is stated,
--       the day on which the version came into force) and one interval lie before the day asked about, and the others fresh; a month
--       counts as 31 days and a year as 366. median_days is the median of the days since the last update of entries in force. The
--       province is that of who provided the entry, or published it where nobody did, when the version came into force; the theme
--       is the first that the entry states.
-- axes:
--   as_of: the version was in force at the end of the last day that had ended by then, in the time of Beijing, or of today
--   recorded_by: as it was known at the end of the last day that had ended by then
-- totals: directory
-- dimensions: [province, sharing_class, theme, source, month]
-- parameters: $1 dimension or null, $2 from or null, $3 until or null, $4 as of or null, $5 recorded by or null
WITH asked AS (
    SELECT LEAST(COALESCE(legal_day($4::timestamptz) - 1, legal_day(now())), legal_day($3::timestamptz) - 1) AS as_of,
        legal_day($5::timestamptz) - 1 AS known, legal_day($2::timestamptz) AS since
), believed AS NOT MATERIALIZED (
    SELECT CASE WHEN $1::text = 'source' THEN total.source_id::text ELSE total.class END AS class, total.required, total.optional,
        total.updated_on, total.update_days, total.since_on, total.until_on, total.follows, total.is_followed, total.entries,
        asked.as_of, asked.since
    FROM directory_total AS total, asked
    WHERE total.dimension = CASE WHEN $1 IN ('province', 'sharing_class', 'theme') THEN $1 ELSE '' END AND total.since_on <= as_of
        AND CASE WHEN known IS NULL THEN total.known_until_on IS NULL
            ELSE total.known_on <= known AND COALESCE(total.known_until_on > known, true) END
), aged AS MATERIALIZED (
    SELECT class, GREATEST(as_of - updated_on, 0) AS age, sum(entries) AS entries, sum(entries * required) AS required,
        sum(entries * optional) AS optional, sum(entries) FILTER (WHERE required = 6) AS complete,
        sum(entries) FILTER (WHERE update_days IS NOT NULL) AS with_frequency,
        sum(entries) FILTER (WHERE updated_on + update_days < as_of) AS overdue
    FROM believed WHERE COALESCE(until_on > as_of, true) GROUP BY 1, 2
), moved AS MATERIALIZED (
    SELECT class, place, day, sum(entries) AS entries FROM (
        SELECT class, 2 AS place, CASE WHEN $1 = 'month' THEN since_on END AS day, entries FROM believed
        WHERE NOT follows AND COALESCE(since_on >= since, true)
        UNION ALL
        SELECT class, 3, CASE WHEN $1 = 'month' THEN until_on END, entries FROM believed
        WHERE NOT is_followed AND until_on <= as_of AND COALESCE(until_on >= since, true)) AS turned
    GROUP BY 1, 2, 3
), middle AS (
    -- The median of many that are counted by their days: the day that holds the middle one.
    SELECT class, min(age) FILTER (WHERE 2 * passed >= total) AS age FROM (
        SELECT class, age, sum(entries) OVER (PARTITION BY class ORDER BY age) AS passed,
            sum(entries) OVER (PARTITION BY class) AS total FROM aged) AS counted GROUP BY class
    UNION ALL
    SELECT NULL, min(age) FILTER (WHERE 2 * passed >= total) FROM (
        SELECT age, sum(sum(entries)) OVER (ORDER BY age) AS passed, sum(sum(entries)) OVER () AS total
        FROM aged GROUP BY age) AS counted
), counted AS (
    SELECT CASE WHEN grouping(class) = 0 THEN class END AS class, COALESCE(sum(entries) FILTER (WHERE place = 1), 0) AS in_force,
        COALESCE(sum(entries) FILTER (WHERE place = 2), 0) AS published,
        COALESCE(sum(entries) FILTER (WHERE place = 3), 0) AS withdrawn,
        sum(required) AS required, sum(optional) AS optional, COALESCE(sum(complete), 0) AS complete,
        COALESCE(sum(with_frequency), 0) AS with_frequency, COALESCE(sum(overdue), 0) AS overdue
    FROM (
        SELECT class, 1 AS place, entries, required, optional, complete, with_frequency, overdue FROM aged
        UNION ALL
        SELECT class, place, entries, NULL, NULL, NULL, NULL, NULL FROM moved) AS part
    GROUP BY GROUPING SETS ((), (class))
), valued AS (
    SELECT counted.class, value.place, value.name, value.unit, value.number
    FROM counted LEFT JOIN middle ON middle.class IS NOT DISTINCT FROM counted.class
    CROSS JOIN LATERAL (VALUES (1, 'in_force', 'count', in_force), (2, 'published', 'count', published),
        (3, 'withdrawn', 'count', withdrawn), (4, 'required_share', 'ratio', round(required / NULLIF(6 * in_force, 0), 4)),
        (5, 'optional_share', 'ratio', round(optional / NULLIF(6 * in_force, 0), 4)), (6, 'complete', 'count', complete),
        (7, 'complete_share', 'ratio', round(complete / NULLIF(in_force, 0), 4)), (8, 'with_frequency', 'count', with_frequency),
        (9, 'overdue', 'count', overdue), (10, 'fresh_share', 'ratio', round(1 - overdue / NULLIF(with_frequency, 0), 4)),
        (11, 'median_days', 'days', middle.age)) AS value (place, name, unit, number)
    WHERE counted.class IS NULL OR $1 IN ('province', 'sharing_class', 'theme', 'source')
    UNION ALL
    SELECT to_char(day, 'YYYY-MM'), place, CASE place WHEN 2 THEN 'published' ELSE 'withdrawn' END, 'count', sum(entries)
    FROM moved WHERE $1 = 'month' GROUP BY 1, 2
)
SELECT COALESCE(source.code, valued.class) AS class, valued.name, valued.unit, valued.number::text AS value, 0::bigint AS enterprises
FROM valued LEFT JOIN directory_source AS source ON $1 = 'source' AND source.id::text = valued.class
WHERE valued.number IS NOT NULL
ORDER BY valued.place, 1 NULLS FIRST;
