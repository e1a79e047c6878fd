-- What became of purchases, added up: a row for each class of one dimension at a time, standing and currency, and for the days on
-- which it happened and was recorded. Figures are sums over them, as of a day and as known by a day; a later record adds rows and
-- takes nothing away.
CREATE TABLE adoption_total (
    dimension text NOT NULL,
    class text NOT NULL,
    standing text NOT NULL,
    currency text NOT NULL,
    happened_on date NOT NULL,
    recorded_on date NOT NULL,
    purchases bigint NOT NULL,
    contracted_minor numeric NOT NULL,
    -- A bit for each enterprise that a purchase was added of, and for each that one was taken from, drawn from 64 by its id: as
    -- many enterprises as bits at least, and never more bits.
    came bigint NOT NULL,
    went bigint NOT NULL,
    PRIMARY KEY (dimension, standing, class, currency, happened_on, recorded_on)
);
-- When an enterprise reached a standing and left it, for each thing that counts enterprises: the sum over what had happened and
-- was known is one or none. An enterprise has one standing at a time, the highest of its purchases'.
CREATE TABLE enterprise_step (
    enterprise_id uuid NOT NULL REFERENCES party,
    measure text NOT NULL CONSTRAINT enterprise_step_measure_known CHECK (measure IN ('bought', 'returned')),
    standing text NOT NULL,
    happened_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    -- Two where a standing is known to end at the moment at which it was believed to begin.
    change integer NOT NULL CONSTRAINT enterprise_step_changes CHECK (change <> 0 AND abs(change) <= 2),
    industry_section text,
    province text,
    enterprise_kind text,
    PRIMARY KEY (enterprise_id, measure, standing, happened_at, recorded_at)
);
-- Up to which record of the market's log the totals hold everything.
CREATE TABLE adoption_progress (
    only_one boolean PRIMARY KEY DEFAULT true CONSTRAINT adoption_progress_is_one CHECK (only_one),
    position bigint NOT NULL
);
INSERT INTO adoption_progress (position) VALUES (-1);
