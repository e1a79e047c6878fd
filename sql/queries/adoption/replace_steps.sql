-- Keeps the steps of enterprises as their purchases and uses have them now, and their totals with them. $1 enterprises
WITH wanted AS MATERIALIZED (
    SELECT enterprise.id AS enterprise_id, history.*
    FROM unnest($1::uuid[]) AS enterprise (id) CROSS JOIN LATERAL standing_history(enterprise.id) AS history
), moved AS MATERIALIZED (
    SELECT enterprise_id, measure, standing, cohort, happened_at, recorded_at,
        COALESCE(wanted.change, 0) - COALESCE(kept.change, 0) AS change
    FROM wanted FULL JOIN (SELECT enterprise_id, measure, standing, cohort, happened_at, recorded_at, change
        FROM enterprise_step WHERE enterprise_id = ANY ($1)) AS kept
        USING (enterprise_id, measure, standing, cohort, happened_at, recorded_at)
    WHERE wanted.change IS DISTINCT FROM kept.change
), gone AS (
    DELETE FROM enterprise_step AS step USING moved
    WHERE (step.enterprise_id, step.measure, step.standing, step.cohort, step.happened_at, step.recorded_at)
        = (moved.enterprise_id, moved.measure, moved.standing, moved.cohort, moved.happened_at, moved.recorded_at)
        AND step.change + moved.change = 0
), kept AS (
    INSERT INTO enterprise_step AS step (enterprise_id, measure, standing, cohort, happened_at, recorded_at, change)
    SELECT enterprise_id, measure, standing, cohort, happened_at, recorded_at, change FROM wanted
    ON CONFLICT (enterprise_id, measure, standing, happened_at, recorded_at, cohort) DO UPDATE SET change = excluded.change
    WHERE step.change <> excluded.change
)
INSERT INTO adoption_total AS total (grain, measure, dimension, class, standing, unit, happened_on, recorded_on, times, amount, came, went)
SELECT day.grain, 'first_' || moved.measure, of.dimension, of.class, moved.standing, '', day.happened_in, day.recorded_in,
    sum(moved.change), 0, 0, 0
FROM moved CROSS JOIN LATERAL step_class(moved.enterprise_id, moved.cohort) AS of
CROSS JOIN LATERAL total_grain(legal_day(moved.happened_at), legal_day(moved.recorded_at)) AS day
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 2, 3, 5, 1, 7, 4, 6, 8
ON CONFLICT (measure, dimension, standing, grain, happened_on, class, unit, recorded_on) DO UPDATE SET
    times = total.times + excluded.times;
