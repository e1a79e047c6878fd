-- How many entries of the directory are of one kind in all that is counted of them, by days: a figure is a sum over those that were
-- so on a day, as far as it was known on one. Kept by source, so that a source's can be made anew alone.
CREATE TABLE directory_total (
    source_id uuid NOT NULL REFERENCES directory_source,
    -- Of one dimension at a time; '' is the whole, and the class of those of which none is known.
    dimension text NOT NULL,
    class text NOT NULL,
    -- How many of the six required and of the six optional elements of metadata they state.
    required smallint NOT NULL,
    optional smallint NOT NULL,
    updated_on date NOT NULL,
    -- After how many days they are due to be updated again; null: no rhythm is stated.
    update_days integer,
    since_on date NOT NULL,
    until_on date,
    known_on date NOT NULL,
    known_until_on date,
    -- Whether another version was in force until they began, and whether one is from when they end.
    follows boolean NOT NULL,
    is_followed boolean NOT NULL,
    entries integer NOT NULL
);
CREATE INDEX directory_total_by_source ON directory_total (source_id);
CREATE INDEX directory_total_by_dimension ON directory_total (dimension);
-- When a source's totals were made last, and how long that took.
CREATE TABLE directory_count (
    source_id uuid PRIMARY KEY REFERENCES directory_source,
    counted_at timestamptz NOT NULL,
    took interval NOT NULL
);
-- Sources whose totals are behind what is known of their entries. Only ever added to by those who find a change, who wait for nobody;
-- whoever makes the totals takes out what was there.
CREATE TABLE directory_recount (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id uuid NOT NULL REFERENCES directory_source
);
INSERT INTO directory_recount (source_id) SELECT id FROM directory_source;
