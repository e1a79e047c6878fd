-- Adds what happened to the totals of adoption, each thing once. Who runs it holds the lock of adoption_progress.
-- One by one (OFFSET 0), by their keys: a plan for all of them at once would be one for whole tables where these are young.
-- $1 sources (see total_change), $2 enterprise_ids, $3 subjects, $4 numbers
INSERT INTO adoption_total AS total (grain, measure, dimension, class, standing, unit, happened_on, recorded_on, times, amount, came, went,
    part_1, part_2, part_3, part_4)
SELECT of.grain, change.measure, change.dimension, change.class, change.standing, change.unit, of.happened_in, of.recorded_in,
    sum(change.times), sum(change.amount), COALESCE(bit_or(change.mark) FILTER (WHERE change.times > 0), 0),
    COALESCE(bit_or(change.mark) FILTER (WHERE change.times < 0 OR change.amount < 0), 0),
    sum(change.held) FILTER (WHERE change.part = 1), sum(change.held) FILTER (WHERE change.part = 2),
    sum(change.held) FILTER (WHERE change.part = 3), sum(change.held) FILTER (WHERE change.part = 4)
FROM (SELECT DISTINCT source, enterprise_id, subject_id, number
      FROM unnest($1::text[], $2::uuid[], $3::uuid[], $4::integer[]) AS told (source, enterprise_id, subject_id, number)) AS told
CROSS JOIN LATERAL (SELECT measure, dimension, class, standing, unit, happened_on, recorded_on, times, amount, mark, part, held
    FROM total_change AS change WHERE change.source = told.source AND change.enterprise_id = told.enterprise_id
        AND change.subject_id = told.subject_id AND change.number = told.number OFFSET 0) AS change
CROSS JOIN LATERAL total_grain(change.happened_on, change.recorded_on) AS of
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 2, 3, 5, 1, 7, 4, 6, 8
ON CONFLICT (measure, dimension, standing, grain, happened_on, class, unit, recorded_on) DO UPDATE SET
    times = total.times + excluded.times, amount = total.amount + excluded.amount,
    came = total.came | excluded.came, went = total.went | excluded.went,
    part_1 = COALESCE(total.part_1 + excluded.part_1, total.part_1, excluded.part_1),
    part_2 = COALESCE(total.part_2 + excluded.part_2, total.part_2, excluded.part_2),
    part_3 = COALESCE(total.part_3 + excluded.part_3, total.part_3, excluded.part_3),
    part_4 = COALESCE(total.part_4 + excluded.part_4, total.part_4, excluded.part_4);
