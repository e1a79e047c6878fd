-- The steps of an enterprise, from its purchases alone: for each moment at which something became known that can change them, what
-- is different from what was known before. An enterprise has bought from its first purchase on, and returned from its second.
CREATE OR REPLACE FUNCTION standing_history(enterprise uuid)
RETURNS TABLE (measure text, standing text, happened_at timestamptz, recorded_at timestamptz, change integer)
LANGUAGE sql STABLE AS $$
WITH known AS MATERIALIZED (
    SELECT standing, happened_at, recorded_at, sum(purchases) AS purchases FROM purchase_change
    WHERE enterprise_id = enterprise GROUP BY 1, 2, 3
), settled AS MATERIALIZED (
    -- From when on there are two purchases in the highest standing, whichever is taken back ever.
    SELECT min(at) AS at FROM (
        SELECT GREATEST(happened_at, recorded_at) AS at, sum(GREATEST(purchases, 0)) OVER (ORDER BY GREATEST(happened_at, recorded_at))
            + sum(LEAST(purchases, 0)) OVER () AS purchases
        FROM known WHERE standing IN ('market', 'administration', 'synthetic')) AS sure
    WHERE purchases >= 2
), change AS MATERIALIZED (
    -- What happened and became known since then changes nothing.
    SELECT known.standing, known.happened_at, known.recorded_at, known.purchases FROM known CROSS JOIN settled
    WHERE settled.at IS NULL OR known.happened_at < settled.at OR known.recorded_at < settled.at
        -- The two themselves.
        OR GREATEST(known.happened_at, known.recorded_at) = settled.at
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
)
SELECT difference.measure, difference.standing, difference.happened_at, difference.recorded_at, sum(difference.change)::integer
FROM difference GROUP BY 1, 2, 3, 4 HAVING sum(difference.change) <> 0
$$;
