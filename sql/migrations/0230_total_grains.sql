-- Totals by month beside those by day, so that a long period is a few rows for each class. Of a month, both days are the first of
-- theirs.
ALTER TABLE adoption_total ADD grain text NOT NULL DEFAULT 'day'
    CONSTRAINT adoption_total_grain_known CHECK (grain IN ('day', 'month'));
ALTER TABLE adoption_total ALTER grain DROP DEFAULT;
ALTER TABLE adoption_total DROP CONSTRAINT adoption_total_pkey;
ALTER TABLE adoption_total
    ADD PRIMARY KEY (measure, dimension, standing, grain, happened_on, class, unit, recorded_on);
INSERT INTO adoption_total (grain, measure, dimension, class, standing, unit, happened_on, recorded_on, times, amount, came, went)
SELECT 'month', measure, dimension, class, standing, unit, date_trunc('month', happened_on::timestamp)::date,
    date_trunc('month', recorded_on::timestamp)::date, sum(times), sum(amount), bit_or(came), bit_or(went)
FROM adoption_total GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;
-- What of a month was recorded in the part of another that is asked about.
CREATE INDEX adoption_total_recorded ON adoption_total (measure, dimension, standing, recorded_on) WHERE grain = 'day';
-- Totals that hold nothing may be made nevertheless, of a market that has nothing in its log.
ALTER TABLE adoption_progress ADD is_made boolean NOT NULL DEFAULT false;
UPDATE adoption_progress SET is_made = position <> -1;
-- Its halves took its place.
DROP VIEW IF EXISTS total_change;
DROP FUNCTION IF EXISTS market_class(uuid, uuid, integer, timestamptz, timestamptz);
