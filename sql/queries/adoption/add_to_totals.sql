-- Adds what happened to the totals of adoption, each thing once. Who runs it holds the lock of adoption_progress.
-- One by one (OFFSET 0), by their keys: a plan for all of them at once would be one for whole tables where these are young. By
-- days first, which are few: their months and years are made of those.
-- $1 sources (see total_change), $2 enterprise_ids, $3 subjects, $4 numbers
WITH day AS MATERIALIZED (
    SELECT change.measure, change.dimension, change.class, change.standing, change.unit, change.happened_on, change.recorded_on,
        sum(change.times) AS times, sum(change.amount) AS amount, bit_or(change.mark) FILTER (WHERE change.times > 0) AS came,
        bit_or(change.mark) FILTER (WHERE change.times < 0 OR change.amount < 0) AS went,
        sum(change.held) FILTER (WHERE change.part = 1) AS part_1, sum(change.held) FILTER (WHERE change.part = 2) AS part_2,
        sum(change.held) FILTER (WHERE change.part = 3) AS part_3, sum(change.held) FILTER (WHERE change.part = 4) AS part_4
    FROM (SELECT DISTINCT source, enterprise_id, subject_id, number
          FROM unnest($1::text[], $2::uuid[], $3::uuid[], $4::integer[]) AS told (source, enterprise_id, subject_id, number)) AS told
    CROSS JOIN LATERAL (
        SELECT measure, dimension, class, standing, unit, happened_on, recorded_on, times, amount, mark, part, held
        FROM total_change AS change WHERE change.source = told.source AND change.enterprise_id = told.enterprise_id
            AND change.subject_id = told.subject_id AND change.number = told.number OFFSET 0) AS change
    GROUP BY 1, 2, 3, 4, 5, 6, 7
)
INSERT INTO adoption_total AS total (grain, measure, dimension, class, standing, unit, happened_on, recorded_on, times, amount, came, went,
    part_1, part_2, part_3, part_4)
SELECT of.grain, measure, dimension, class, standing, unit, of.happened_in, of.recorded_in, sum(times), sum(amount),
    COALESCE(bit_or(came), 0), COALESCE(bit_or(went), 0), sum(part_1), sum(part_2), sum(part_3), sum(part_4)
FROM day CROSS JOIN LATERAL total_grain(day.happened_on, day.recorded_on) AS of
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 2, 3, 5, 1, 7, 4, 6, 8
ON CONFLICT (measure, dimension, standing, grain, happened_on, class, unit, recorded_on) DO UPDATE SET
    times = total.times + excluded.times, amount = total.amount + excluded.amount,
    came = total.came | excluded.came, went = total.went | excluded.went,
    part_1 = COALESCE(total.part_1 + excluded.part_1, total.part_1, excluded.part_1),
    part_2 = COALESCE(total.part_2 + excluded.part_2, total.part_2, excluded.part_2),
    part_3 = COALESCE(total.part_3 + excluded.part_3, total.part_3, excluded.part_3),
    part_4 = COALESCE(total.part_4 + excluded.part_4, total.part_4, excluded.part_4);
