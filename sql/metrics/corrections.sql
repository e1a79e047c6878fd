-- name: corrections
-- version: 1
-- over: market
-- title: {zh: 校核及其答复, en: Corrections and how fast they were answered}
-- unit: {raised: count, open: count, answered: count, corrected: count, confirmed_correct: count, median_days: days, due: count,
--   in_time: count, in_time_share: ratio}
-- numerator: {zh: 一段时间内提出的校核, en: corrections that were raised within a period}
-- denominator: {zh: in_time_share 为时限已届满的校核（due），其余无, en: "of in_time_share those whose time limit is over (due), of others none"}
-- definition:
--   zh: 一段时间内企业对所购数据提出的校核（raised），按截至所问时点的情况：尚无答复（open），或已答复（answered）；已答复的按最近一次答复分为
--     已更正（corrected）与核实无误（confirmed_correct）。median_days 为自提出至首次答复的日数的中位数（含节假日，保留一位小数）。due 为已
--     反馈企业的，或法定时限已过的校核；in_time 为其中在时限之内反馈的，in_time_share 为其占比。时限按政策表计，含当时已准许的延期，企业补正
--     材料或时钟被停的工作日不计；没有时限政策的校核不在 due 之内。环节为当时所在环节（迁移前的旧案只知现在的环节）。类别按提出企业分：市场、
--     行政机关自身、合成，不论其采购后来是否为试用或已退款。任一部分背后企业少于三家的，同组各数一并隐去。
--   en: Corrections of data that enterprises bought and that were raised within a period, as they stood at the time asked about.
--       They are open while there is no answer, and answered afterwards; by its last answer a correction was corrected or
--       confirmed as correct. median_days is the median of the days from raising to the first answer (calendar days, one
--       decimal). Those that were fed back to the enterprise, or whose time limit was over, are due; in_time are those of them
--       that were fed back within it, and in_time_share their share. The limit is the policy's, with an extension that was given
--       by then, without the working days on which the enterprise completed its papers or the clock was stopped; a correction
--       for which no policy was in force is not due. The link is the one it was with then (of old cases only the present one is
--       known). Whose correction it is says the standing (market, the administration itself, synthetic), whatever became of the
--       purchase. Where a part has fewer than three enterprises behind it, its whole group of counts is hidden.
-- axes:
--   as_of: the correction was raised, and each step taken, by then
--   recorded_by: the same, because a step is recorded when it is taken
-- totals: none
-- dimensions: [link, kind, month, section]
-- standings: [market, administration, synthetic]
-- parameters: $1 dimension or null, $2 from or null, $3 until or null, $4 as of or null, $5 recorded by or null, $6 standing
WITH asked AS (
    SELECT LEAST(COALESCE($4::timestamptz, now()), $5::timestamptz) AS moment
), stepped AS MATERIALIZED (
    SELECT correction.enterprise_id, correction.id, correction.kind, correction.raised_at, enterprise.industry_section,
        (array_agg(step.link ORDER BY step.number DESC) FILTER (WHERE step.link IS NOT NULL AND step.taken_at <= moment))[1] AS link,
        min(step.taken_at) FILTER (WHERE step.answer IS NOT NULL AND step.taken_at <= moment) AS answered_at,
        (array_agg(step.step ORDER BY step.number DESC) FILTER (WHERE step.answer IS NOT NULL AND step.taken_at <= moment))[1]
            AS answer,
        min(step.taken_at) FILTER (WHERE step.step = 'feed_back' AND step.taken_at <= moment) AS fed_back_at,
        min(step.taken_at) FILTER (WHERE step.step = 'return') AS returned_at,
        min(step.taken_at) FILTER (WHERE step.step = 'complete') AS completed_at
    FROM asked CROSS JOIN correction
    JOIN party AS enterprise ON enterprise.id = correction.enterprise_id
    JOIN correction_step AS step ON step.enterprise_id = correction.enterprise_id AND step.correction_id = correction.id
    WHERE correction.raised_at <= moment
        AND ($2::timestamptz IS NULL OR correction.raised_at >= $2) AND ($3::timestamptz IS NULL OR correction.raised_at < $3)
        AND CASE WHEN enterprise.synthetic THEN 'synthetic' WHEN enterprise.kind <> 'enterprise' THEN 'administration'
            ELSE 'market' END = $6
    GROUP BY correction.enterprise_id, correction.id, enterprise.id
), clock AS (
    -- A time limit as it was then: as it is kept, unless it was moved later.
    SELECT stepped.id, CASE
            WHEN open.extended_at > moment OR stepped.completed_at > moment OR pause.changed_later
                THEN move_by(due_on(open.rule, open.began_at), CASE WHEN open.extended_at <= moment
                        THEN COALESCE(open.extended_days, policy.extension_days) ELSE 0 END + pause.days
                    + CASE WHEN stepped.completed_at <= moment THEN days_stood(LEAST(stepped.returned_at, pause.taken_over_at),
                        stepped.completed_at, policy.unit) ELSE 0 END, policy.unit)
            ELSE open.due_on END AS due_on,
        COALESCE(stepped.returned_at <= moment, false) AND COALESCE(stepped.completed_at > moment, true) OR pause.stands AS stands
    FROM asked CROSS JOIN stepped
    JOIN deadline AS open ON open.subject_kind = 'correction' AND open.subject_id = stepped.id AND open.rule = 'correction'
    JOIN policy ON policy.rule = open.rule AND policy.effective @> legal_day(open.began_at)
    CROSS JOIN LATERAL (
        SELECT COALESCE(sum(days) FILTER (WHERE resumed_at <= moment), 0)::integer AS days,
            COALESCE(bool_or(resumed_at > moment), false) AS changed_later,
            COALESCE(bool_or(paused_at <= moment AND COALESCE(resumed_at > moment, true)), false) AS stands,
            min(paused_at) FILTER (WHERE days = 0 AND resumed_at = stepped.returned_at) AS taken_over_at
        FROM deadline_pause WHERE deadline_pause.deadline_id = open.id) AS pause
), held AS MATERIALIZED (
    SELECT stepped.enterprise_id, CASE $1::text WHEN 'link' THEN stepped.link WHEN 'kind' THEN stepped.kind
            WHEN 'month' THEN to_char(stepped.raised_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')
            WHEN 'section' THEN stepped.industry_section END AS class,
        COALESCE(stepped.answer, 'open') AS outcome,
        extract(epoch FROM stepped.answered_at - stepped.raised_at) / 86400 AS days,
        CASE WHEN stepped.fed_back_at IS NOT NULL AND clock.due_on IS NOT NULL
                THEN CASE WHEN legal_day(stepped.fed_back_at) <= clock.due_on THEN 'in_time' ELSE 'late' END
            WHEN NOT clock.stands AND clock.due_on < legal_day(moment) THEN 'late' ELSE 'not_due' END AS timing
    FROM asked CROSS JOIN stepped LEFT JOIN clock USING (id)
), counted AS (
    SELECT CASE WHEN grouping(class) = 0 THEN COALESCE(class, '') END AS class, count(*) AS raised,
        count(*) FILTER (WHERE outcome = 'open') AS open, count(*) FILTER (WHERE outcome = 'correct') AS corrected,
        count(*) FILTER (WHERE outcome = 'confirm_correct') AS confirmed,
        count(*) FILTER (WHERE timing = 'in_time') AS in_time, count(*) FILTER (WHERE timing = 'late') AS late,
        round(percentile_cont(0.5) WITHIN GROUP (ORDER BY days::double precision)::numeric, 1) AS median_days,
        count(DISTINCT enterprise_id) FILTER (WHERE outcome <> 'open') AS answered_by,
        -- Of the parts that together are all, the one with the fewest enterprises; nobody is behind what is none.
        LEAST(NULLIF(count(DISTINCT enterprise_id) FILTER (WHERE outcome = 'open'), 0),
            NULLIF(count(DISTINCT enterprise_id) FILTER (WHERE outcome = 'correct'), 0),
            NULLIF(count(DISTINCT enterprise_id) FILTER (WHERE outcome = 'confirm_correct'), 0)) AS by_outcome,
        LEAST(NULLIF(count(DISTINCT enterprise_id) FILTER (WHERE timing = 'in_time'), 0),
            NULLIF(count(DISTINCT enterprise_id) FILTER (WHERE timing = 'late'), 0),
            NULLIF(count(DISTINCT enterprise_id) FILTER (WHERE timing = 'not_due'), 0)) AS by_timing
    FROM held GROUP BY GROUPING SETS ((), (class)) HAVING count(*) > 0
)
SELECT class, value.name, value.unit, value.number::text AS value, value.enterprises
FROM counted CROSS JOIN LATERAL (VALUES (1, 'raised', 'count', raised::numeric, by_outcome), (2, 'open', 'count', open, by_outcome),
    (3, 'answered', 'count', corrected + confirmed, by_outcome), (4, 'corrected', 'count', corrected, by_outcome),
    (5, 'confirmed_correct', 'count', confirmed, by_outcome), (6, 'median_days', 'days', median_days, answered_by),
    (7, 'due', 'count', in_time + late, by_timing), (8, 'in_time', 'count', in_time, by_timing),
    (9, 'in_time_share', 'ratio', round(in_time::numeric / NULLIF(in_time + late, 0), 4), by_timing))
    AS value (place, name, unit, number, enterprises)
WHERE value.number IS NOT NULL AND ($1 IS NOT NULL OR class IS NULL)
ORDER BY value.place, class NULLS FIRST;
