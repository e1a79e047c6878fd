-- The totals of what happened in the days from a time until another (null: ever), as far as those days had ended by `as_of` (null:
-- today too), and was known when the last day before `known` ended (null: whenever). Whole months that were recorded in whole
-- months are told by month, on the first day of it; the rest by day.
CREATE OR REPLACE FUNCTION total_within(of_measures text[], of_dimension text, of_standings text[], since timestamptz,
    until timestamptz, as_of timestamptz, known timestamptz)
RETURNS TABLE (measure text, class text, unit text, happened_on date, times bigint, amount numeric, came bigint, went bigint)
LANGUAGE sql STABLE AS $$
WITH asked AS (
    SELECT COALESCE(legal_day(since), '-infinity') AS since_day, COALESCE(legal_day(known), 'infinity') AS known_day,
        LEAST(legal_day(until), COALESCE(legal_day(as_of), legal_day(now()) + 1)) AS until_day
), bound AS MATERIALIZED (
    -- The whole months within it: none where both are the same.
    SELECT since_day, until_day, known_day, month.since AS since_month,
        GREATEST(month.since, date_trunc('month', until_day::timestamp)::date) AS until_month,
        date_trunc('month', known_day::timestamp)::date AS known_month
    FROM asked CROSS JOIN LATERAL (
        SELECT (date_trunc('month', (since_day - 1)::timestamp) + interval '1 month')::date AS since) AS month
), total AS NOT MATERIALIZED (
    SELECT measure, class, unit, happened_on, times, amount, came, went, grain, recorded_on
    FROM adoption_total
    WHERE measure = ANY (of_measures) AND dimension = of_dimension AND standing = ANY (of_standings)
)
SELECT within.measure, within.class, within.unit, within.happened_on, within.times, within.amount, within.came, within.went
FROM bound CROSS JOIN LATERAL (
    SELECT * FROM total WHERE grain = 'month' AND happened_on >= since_month AND happened_on < until_month
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
