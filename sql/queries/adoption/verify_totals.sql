-- Compares the totals of adoption with a recount of all that they hold. A row for each check: name, how many were checked, how many
-- differ, and the first that do. Reads across enterprises (enterprise_id).
WITH progress AS (
    SELECT position FROM adoption_progress
), late AS MATERIALIZED (
    SELECT source, enterprise_id, subject_id, number FROM counted_event
    WHERE position IS NULL OR position > (SELECT position FROM progress)
), recounted AS (
    SELECT of.grain, measure, dimension, class, standing, unit, of.happened_in AS happened_on, of.recorded_in AS recorded_on,
        sum(times) AS times, sum(amount) AS amount, COALESCE(bit_or(mark) FILTER (WHERE times > 0), 0) AS came,
        COALESCE(bit_or(mark) FILTER (WHERE times < 0 OR amount < 0), 0) AS went,
        ARRAY[sum(held) FILTER (WHERE part = 1), sum(held) FILTER (WHERE part = 2), sum(held) FILTER (WHERE part = 3),
            sum(held) FILTER (WHERE part = 4)] AS parts
    FROM total_change LEFT JOIN (SELECT true AS is_late, late.* FROM late) AS late USING (source, enterprise_id, subject_id, number)
    CROSS JOIN LATERAL total_grain(total_change.happened_on, total_change.recorded_on) AS of
    WHERE late.is_late IS NULL GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
), total AS (
    SELECT concat_ws(' ', grain, measure, dimension, class, standing, unit, happened_on, recorded_on) AS place,
        -- What came and went again may stand there with nothing left of it.
        (COALESCE(kept.times, 0), COALESCE(kept.amount, 0), COALESCE(kept.came, 0), COALESCE(kept.went, 0)) IS DISTINCT FROM
        (COALESCE(recounted.times, 0), COALESCE(recounted.amount, 0), COALESCE(recounted.came, 0), COALESCE(recounted.went, 0))
        OR COALESCE(kept.parts <> recounted.parts, false) AS differs
    FROM (SELECT grain, measure, dimension, class, standing, unit, happened_on, recorded_on, times, amount, came, went,
            ARRAY[part_1, part_2, part_3, part_4]::numeric[] AS parts
        FROM adoption_total WHERE measure <> 'metered') AS kept
    FULL JOIN recounted USING (grain, measure, dimension, class, standing, unit, happened_on, recorded_on)
), use AS (
    SELECT meter AS place, (kept.events, kept.quantity) IS DISTINCT FROM (counted.events, counted.quantity) AS differs
    FROM (SELECT meter, sum(events) AS events, sum(quantity) AS quantity FROM usage_total GROUP BY 1) AS counted
    FULL JOIN (SELECT meter, sum(events) AS events, sum(quantity) AS quantity
        FROM (SELECT unit AS meter, times AS events, amount AS quantity FROM adoption_total
              WHERE measure = 'metered' AND dimension = '' AND grain = 'day'
              UNION ALL SELECT meter, events, quantity FROM adoption_feed WHERE meter IS NOT NULL) AS known GROUP BY 1) AS kept
        USING (meter)
), month AS (
    -- Months and years are what their days come to; and so are, of use, the classes of each dimension.
    SELECT concat_ws(' ', grain, measure, dimension, class, standing, unit, happened_on, recorded_on) AS place,
        (kept.times, kept.amount, kept.came, kept.went, kept.parts)
        IS DISTINCT FROM (added.times, added.amount, added.came, added.went, added.parts) AS differs
    FROM (SELECT grain, measure, dimension, class, standing, unit, happened_on, recorded_on, times, amount, came, went,
            ARRAY[part_1, part_2, part_3, part_4]::numeric[] AS parts
        FROM adoption_total WHERE grain <> 'day') AS kept
    FULL JOIN (SELECT of.grain, day.measure, day.dimension, day.class, day.standing, day.unit, of.happened_in AS happened_on,
            of.recorded_in AS recorded_on, sum(day.times) AS times, sum(day.amount) AS amount, bit_or(day.came) AS came,
            bit_or(day.went) AS went,
            ARRAY[sum(day.part_1), sum(day.part_2), sum(day.part_3), sum(day.part_4)] AS parts
        FROM adoption_total AS day JOIN LATERAL total_grain(day.happened_on, day.recorded_on) AS of ON of.grain <> 'day'
        WHERE day.grain = 'day' GROUP BY 1, 2, 3, 4, 5, 6, 7, 8) AS added
        USING (grain, measure, dimension, class, standing, unit, happened_on, recorded_on)
    UNION ALL
    SELECT concat_ws(' ', 'metered', part.dimension, part.standing, part.unit, part.happened_on, part.recorded_on),
        (part.times, part.amount) IS DISTINCT FROM (whole.times, whole.amount)
    FROM (SELECT dimension, standing, unit, happened_on, recorded_on, sum(times) AS times, sum(amount) AS amount
        FROM adoption_total WHERE measure = 'metered' AND grain = 'day' GROUP BY 1, 2, 3, 4, 5) AS part
    FULL JOIN (SELECT standing, unit, happened_on, recorded_on, times, amount FROM adoption_total
        WHERE measure = 'metered' AND grain = 'day' AND dimension = '') AS whole USING (standing, unit, happened_on, recorded_on)
), bought AS (
    SELECT step.enterprise_id, step.product_id, named.step
    FROM (SELECT taken.enterprise_id, taken.product_id, taken.step, count(*) AS times FROM purchase_step AS taken
          WHERE NOT EXISTS (SELECT FROM late WHERE late.source = 'purchase' AND late.enterprise_id = taken.enterprise_id
              AND late.subject_id = taken.purchase_id AND late.number = taken.number)
          GROUP BY 1, 2, 3) AS step
    CROSS JOIN LATERAL (SELECT step.step UNION ALL SELECT 'renewed' WHERE step.step = 'agreed' AND step.times > 1) AS named
), funnel AS (
    SELECT concat_ws(' ', enterprise_id, product_id, step) AS place, bought.step IS NULL OR kept.step IS NULL AS differs
    FROM (SELECT enterprise_id, product_id, step FROM funnel_step WHERE step NOT IN ('viewed', 'used')) AS kept
    FULL JOIN bought USING (enterprise_id, product_id, step)
), reached AS (
    SELECT concat_ws(' ', enterprise_id, step, dimension, class) AS place, kept.is_kept IS NULL OR found.is_found IS NULL AS differs
    FROM (SELECT enterprise_id, step, dimension, class, true AS is_kept FROM scenario_step) AS kept
    FULL JOIN (SELECT DISTINCT step.enterprise_id, step.step, of.dimension, of.class, true AS is_found
        FROM funnel_step AS step CROSS JOIN LATERAL reached_class(step.product_id, step.recorded_at) AS of
        WHERE step.step IN ('agreed', 'used')) AS found USING (enterprise_id, step, dimension, class)
), step AS (
    SELECT concat_ws(' ', enterprise_id, measure, standing, cohort, happened_at, recorded_at) AS place,
        kept.change IS DISTINCT FROM recounted.change AS differs
    FROM enterprise_step AS kept
    FULL JOIN (SELECT party.id AS enterprise_id, history.*
        FROM party CROSS JOIN LATERAL standing_history(party.id) AS history) AS recounted
        USING (enterprise_id, measure, standing, cohort, happened_at, recorded_at)
    WHERE NOT EXISTS (SELECT FROM late WHERE late.enterprise_id = COALESCE(kept.enterprise_id, recounted.enterprise_id))
)
SELECT named.name, count(*), count(*) FILTER (WHERE named.differs),
    array_to_string((array_agg(named.place) FILTER (WHERE named.differs))[1:5], E'\n')
FROM (
    SELECT 1 AS number, 'totals are a recount of the market' AS name, place, differs FROM total
    UNION ALL SELECT 2, 'totals of use are those of its meters', place, differs FROM use
    UNION ALL SELECT 3, 'steps of enterprises follow from their purchases and use', place, differs FROM step
    UNION ALL SELECT 4, 'steps with products follow from purchases', place, differs FROM funnel
    UNION ALL SELECT 6, 'totals by month and by year are those by day', place, differs FROM month
    UNION ALL SELECT 5, 'steps to scenarios follow from those with products', place, differs FROM reached
) AS named GROUP BY number, name ORDER BY number;
