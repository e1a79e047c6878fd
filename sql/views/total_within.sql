-- The totals of what happened in the days from a time until another (null: ever), as far as those days had ended by `as_of` (null:
-- today too), and was known when the last day before `known` ended (null: whenever). Whole months that were recorded in whole
-- months are told by month, on the first day of it; the rest by day. Of a dimension's classes, which may be very many, whole years
-- are told by year, on the first day of it, where neither their months matter (by_month) nor when they were recorded; the last
-- year is whole, too, where nothing is told of the rest of it.
CREATE OR REPLACE FUNCTION total_within(of_measures text[], of_dimension text, of_standings text[], since timestamptz,
    until timestamptz, as_of timestamptz, known timestamptz, by_month boolean DEFAULT false)
RETURNS TABLE (measure text, class text, unit text, happened_on date, times bigint, amount numeric, came bigint, went bigint,
    part_1 bigint, part_2 bigint, part_3 bigint, part_4 bigint)
LANGUAGE sql STABLE AS $$
WITH asked AS (
    SELECT COALESCE(legal_day(since), '-infinity') AS since_day, COALESCE(legal_day(known), 'infinity') AS known_day,
        LEAST(legal_day(until), COALESCE(legal_day(as_of), legal_day(now()) + 1)) AS until_day
), ended AS (
    SELECT since_day, known_day, CASE WHEN of_dimension <> '' AND NOT by_month AND known IS NULL AND NOT EXISTS (SELECT FROM adoption_total AS later
            WHERE later.measure = ANY (of_measures) AND later.dimension = of_dimension AND later.standing = ANY (of_standings)
                AND later.grain = 'day' AND later.happened_on >= asked.until_day
                AND later.happened_on < date_trunc('year', asked.until_day::timestamp) + interval '1 year')
        THEN (date_trunc('year', until_day::timestamp) + interval '1 year')::date ELSE until_day END AS until_day
    FROM asked
), bound AS MATERIALIZED (
    -- The whole months within it, and the whole years within those: none where both are the same.
    SELECT since_day, until_day, known_day, since_month, until_month, date_trunc('month', known_day::timestamp)::date AS known_month,
        LEAST(year.since, until_month) AS since_year,
        CASE WHEN of_dimension = '' OR by_month OR known IS NOT NULL THEN LEAST(year.since, until_month)
            ELSE GREATEST(LEAST(year.since, until_month), date_trunc('year', until_month::timestamp)::date) END AS until_year
    FROM ended
    CROSS JOIN LATERAL (SELECT (date_trunc('month', (since_day - 1)::timestamp) + interval '1 month')::date AS since_month) AS first
    CROSS JOIN LATERAL (SELECT GREATEST(since_month, date_trunc('month', until_day::timestamp)::date) AS until_month) AS last
    CROSS JOIN LATERAL (SELECT (date_trunc('year', (since_month - 1)::timestamp) + interval '1 year')::date AS since) AS year
), total AS NOT MATERIALIZED (
    SELECT measure, class, unit, happened_on, times, amount, came, went, part_1, part_2, part_3, part_4, grain, recorded_on
    FROM adoption_total
    WHERE measure = ANY (of_measures) AND dimension = of_dimension AND standing = ANY (of_standings)
)
SELECT within.measure, within.class, within.unit, within.happened_on, within.times, within.amount, within.came, within.went,
    within.part_1, within.part_2, within.part_3, within.part_4
FROM bound CROSS JOIN LATERAL (
    SELECT * FROM total WHERE grain = 'year' AND happened_on >= since_year AND happened_on < until_year
    UNION ALL
    SELECT * FROM total WHERE grain = 'month' AND happened_on >= since_month AND happened_on < since_year
        AND recorded_on < known_month
    UNION ALL
    SELECT * FROM total WHERE grain = 'month' AND happened_on >= until_year AND happened_on < until_month
        AND recorded_on < known_month
    UNION ALL
    -- Read by when it was recorded (OFFSET 0): what happened in all those months is far more.
    SELECT * FROM (SELECT * FROM total WHERE grain = 'day' AND recorded_on >= known_month AND recorded_on < known_day OFFSET 0) AS late
    WHERE happened_on >= since_month AND happened_on < until_month
    UNION ALL
    SELECT * FROM total WHERE grain = 'day' AND happened_on >= since_day AND happened_on < LEAST(since_month, until_day)
        AND recorded_on < known_day
    UNION ALL
    SELECT * FROM total WHERE grain = 'day' AND happened_on >= until_month AND happened_on < until_day
        AND recorded_on < known_day
) AS within
$$;
