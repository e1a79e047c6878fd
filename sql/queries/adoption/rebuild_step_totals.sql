-- Adds the steps of enterprises, and those to scenarios, to totals that hold none of them.
INSERT INTO adoption_total (grain, measure, dimension, class, standing, unit, happened_on, recorded_on, times, amount, came, went)
SELECT of.grain, step.measure, step.dimension, step.class, step.standing, '', of.happened_in, of.recorded_in, sum(step.times), 0,
    bit_or(step.came), 0
FROM (
    SELECT 'enterprises_' || reached.step AS measure, reached.dimension, reached.class,
        enterprise_base(buyer.kind, buyer.synthetic) AS standing, legal_day(reached.happened_at) AS happened_on,
        legal_day(reached.recorded_at) AS recorded_on, count(*) AS times,
        bit_or(1::bigint << (uuid_hash_extended(reached.enterprise_id, 0) & 63)::integer) AS came
    FROM scenario_step AS reached JOIN party AS buyer ON buyer.id = reached.enterprise_id
    GROUP BY 1, 2, 3, 4, 5, 6
    UNION ALL
    SELECT 'first_' || step.measure, of.dimension, of.class, step.standing, legal_day(step.happened_at), legal_day(step.recorded_at),
        sum(step.change), 0
    FROM enterprise_step AS step CROSS JOIN LATERAL step_class(step.enterprise_id, step.cohort) AS of
    GROUP BY 1, 2, 3, 4, 5, 6
) AS step
CROSS JOIN LATERAL total_grain(step.happened_on, step.recorded_on) AS of
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 2, 3, 5, 1, 7, 4, 6, 8;
