-- Totals by year beside those by month and by day: what happened ever is a row for each class and year, however long the market stands.
ALTER TABLE adoption_total DROP CONSTRAINT adoption_total_grain_known;
ALTER TABLE adoption_total ADD CONSTRAINT adoption_total_grain_known CHECK (grain IN ('day', 'month', 'year'));
INSERT INTO adoption_total (grain, measure, dimension, class, standing, unit, happened_on, recorded_on, times, amount, came, went)
SELECT 'year', measure, dimension, class, standing, unit, date_trunc('year', happened_on::timestamp)::date,
    date_trunc('year', recorded_on::timestamp)::date, sum(times), sum(amount), bit_or(came), bit_or(went)
FROM adoption_total WHERE grain = 'month' GROUP BY 2, 3, 4, 5, 6, 7, 8;
-- It takes whether months matter besides.
DROP FUNCTION IF EXISTS total_within(text[], text, text[], timestamptz, timestamptz, timestamptz, timestamptz);
