-- Totals by month beside those by day, so that a long period is a few rows for each class. They are made anew by the first turn.
DROP TABLE adoption_total;
CREATE TABLE adoption_total (
    -- Of a month, both days are the first of theirs.
    grain text NOT NULL CONSTRAINT adoption_total_grain_known CHECK (grain IN ('day', 'month')),
    measure text NOT NULL,
    dimension text NOT NULL,
    class text NOT NULL,
    standing text NOT NULL,
    -- The currency, the meter, or nothing.
    unit text NOT NULL,
    happened_on date NOT NULL,
    recorded_on date NOT NULL,
    times bigint NOT NULL,
    -- In minor units of the currency, in what the meter counts, or in seconds.
    amount numeric NOT NULL,
    -- A bit for each enterprise by which it was added to, and for each by which it was taken from, drawn from 64 by its id: as
    -- many enterprises as bits at least, and never more bits.
    came bigint NOT NULL,
    went bigint NOT NULL,
    PRIMARY KEY (measure, dimension, standing, grain, happened_on, class, unit, recorded_on)
);
-- What of a month was recorded in the part of another that is asked about.
CREATE INDEX adoption_total_recorded ON adoption_total (measure, dimension, standing, recorded_on) WHERE grain = 'day';
-- Totals that hold nothing may be made nevertheless, of a market that has nothing in its log.
ALTER TABLE adoption_progress ADD is_made boolean NOT NULL DEFAULT false;
UPDATE adoption_progress SET position = -1;
-- Its halves took its place.
DROP VIEW IF EXISTS total_change;
DROP FUNCTION IF EXISTS market_class(uuid, uuid, integer, timestamptz, timestamptz);
