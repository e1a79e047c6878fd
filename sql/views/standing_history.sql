-- The steps of an enterprise, from its purchases and its first use alone: for each moment at which something became known that can
-- change them, what is different from what was known before. An enterprise has bought from its first purchase on, returned from
-- its second, and used from its first use. Each is of the cohort that the enterprise was known to be of: the month in which it first
-- bought, '' before that is known.
CREATE OR REPLACE FUNCTION standing_history(enterprise uuid)
RETURNS TABLE (measure text, standing text, cohort text, happened_at timestamptz, recorded_at timestamptz, change integer)
LANGUAGE sql STABLE AS $$
WITH bought AS MATERIALIZED (
    SELECT standing, happened_at, recorded_at, sum(purchases) AS purchases FROM purchase_change
    WHERE enterprise_id = enterprise GROUP BY 1, 2, 3
), settled AS MATERIALIZED (
    -- From when on there are two purchases in the highest standing, whichever is taken back ever.
    SELECT min(at) AS at FROM (
        SELECT GREATEST(happened_at, recorded_at) AS at, sum(GREATEST(purchases, 0)) OVER (ORDER BY GREATEST(happened_at, recorded_at))
            + sum(LEAST(purchases, 0)) OVER () AS purchases
        FROM bought WHERE standing IN ('market', 'administration', 'synthetic')) AS sure
    WHERE purchases >= 2
), change AS MATERIALIZED (
    -- What happened and became known since then changes nothing.
    SELECT bought.standing, bought.happened_at, bought.recorded_at, bought.purchases FROM bought CROSS JOIN settled
    WHERE settled.at IS NULL OR bought.happened_at < settled.at OR bought.recorded_at < settled.at
        -- The two themselves.
        OR GREATEST(bought.happened_at, bought.recorded_at) = settled.at
), noted AS (
    -- One more purchase in a standing that two are known in, which happened last of all that is known, changes nothing.
    SELECT change.recorded_at, standing IN ('trial', 'refunded') OR purchases < 0
        OR COALESCE(sum(purchases) OVER (PARTITION BY standing ORDER BY change.recorded_at, happened_at
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) < 2
        OR happened_at <= max(happened_at) OVER (ORDER BY change.recorded_at, happened_at, standing
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS can_change
    FROM change
), moment AS MATERIALIZED (
    SELECT noted.recorded_at FROM noted WHERE can_change GROUP BY 1
), running AS (
    SELECT moment.recorded_at, change.happened_at, change.standing, sum(change.purchases) AS purchases
    FROM moment JOIN change ON change.recorded_at <= moment.recorded_at GROUP BY 1, 2, 3
), held AS (
    SELECT DISTINCT recorded_at, happened_at,
        sum(purchases) FILTER (WHERE standing = 'market') OVER so_far AS market,
        sum(purchases) FILTER (WHERE standing IN ('market', 'trial')) OVER so_far AS tried,
        sum(purchases) FILTER (WHERE standing IN ('market', 'trial', 'refunded')) OVER so_far AS accepted,
        sum(purchases) FILTER (WHERE standing = 'administration') OVER so_far AS administration,
        sum(purchases) FILTER (WHERE standing = 'synthetic') OVER so_far AS synthetic
    FROM running WINDOW so_far AS (PARTITION BY recorded_at ORDER BY happened_at)
), ranked AS (
    SELECT recorded_at, happened_at, of.measure, CASE WHEN market >= of.least THEN 'market' WHEN tried >= of.least THEN 'trial'
            WHEN accepted >= of.least THEN 'refunded' WHEN administration >= of.least THEN 'administration'
            WHEN synthetic >= of.least THEN 'synthetic' END AS standing
    FROM held CROSS JOIN (VALUES ('bought', 1), ('returned', 2)) AS of (measure, least)
), turned AS (
    SELECT recorded_at, happened_at, ranked.measure, ranked.standing,
        lag(ranked.standing) OVER (PARTITION BY recorded_at, ranked.measure ORDER BY happened_at) AS before
    FROM ranked
), step AS (
    SELECT turned.recorded_at, turned.happened_at, turned.measure, side.standing, side.change
    FROM turned CROSS JOIN LATERAL (VALUES (turned.standing, 1), (turned.before, -1)) AS side (standing, change)
    WHERE turned.standing IS DISTINCT FROM turned.before AND side.standing IS NOT NULL
), ordered AS (
    SELECT moment.recorded_at, lead(moment.recorded_at) OVER (ORDER BY moment.recorded_at) AS next FROM moment
), difference AS (
    -- What is said at a moment, less what was said at the one before.
    SELECT step.recorded_at, step.happened_at, step.measure, step.standing, step.change FROM step
    UNION ALL
    SELECT ordered.next, step.happened_at, step.measure, step.standing, -step.change
    FROM step JOIN ordered USING (recorded_at) WHERE ordered.next IS NOT NULL
), reached AS MATERIALIZED (
    SELECT difference.measure, difference.standing, difference.happened_at, difference.recorded_at, sum(difference.change) AS change
    FROM difference GROUP BY 1, 2, 3, 4 HAVING sum(difference.change) <> 0
    UNION ALL
    (SELECT 'used', enterprise_base(party.kind, party.synthetic), used.happened_at, used.recorded_at, 1
    FROM funnel_step AS used JOIN party ON party.id = used.enterprise_id
    WHERE used.enterprise_id = enterprise AND used.step = 'used' ORDER BY used.recorded_at, used.happened_at LIMIT 1)
), told AS (
    SELECT reached.recorded_at AS since, to_char(min(min(reached.happened_at)) OVER (ORDER BY reached.recorded_at)
        AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') AS cohort
    FROM reached WHERE reached.measure = 'bought' AND reached.change > 0 GROUP BY reached.recorded_at
), known AS (
    SELECT since, cohort, lead(since) OVER (ORDER BY since) AS until
    FROM (SELECT since, cohort, lag(cohort) OVER (ORDER BY since) AS before FROM told) AS turned
    WHERE cohort IS DISTINCT FROM before
    UNION ALL
    SELECT '-infinity', '', min(since) FROM told
)
SELECT reached.measure, reached.standing, known.cohort, reached.happened_at, side.recorded_at, sum(side.change)::integer
FROM reached JOIN known ON COALESCE(known.until > reached.recorded_at, true)
-- It comes with a cohort and goes with it, to the next.
CROSS JOIN LATERAL (VALUES (GREATEST(known.since, reached.recorded_at), reached.change), (known.until, -reached.change))
    AS side (recorded_at, change)
WHERE side.recorded_at IS NOT NULL
GROUP BY 1, 2, 3, 4, 5 HAVING sum(side.change) <> 0
$$;
