-- Meters are data: which events they count, what of them, and by what the totals are told apart.
-- Of which product the events are; null: of every one.
ALTER TABLE meter ADD COLUMN product_id uuid REFERENCES product;
-- The type of the events that count; null: only the market itself counts.
ALTER TABLE meter ADD COLUMN event_type text CONSTRAINT meter_event_type_length CHECK (length(event_type) BETWEEN 1 AND 100);
UPDATE meter SET event_type = code WHERE is_reported;
ALTER TABLE meter DROP COLUMN is_reported;
CREATE INDEX meter_by_event_type ON meter (event_type);
ALTER TABLE meter ADD COLUMN aggregation text NOT NULL DEFAULT 'sum' CONSTRAINT meter_aggregation_known CHECK
    (aggregation IN ('sum', 'count', 'unique_count', 'average', 'minimum', 'maximum', 'latest'));
-- The member of an event's data that is counted.
ALTER TABLE meter ADD COLUMN value text CONSTRAINT meter_value_length CHECK (length(value) BETWEEN 1 AND 100);
UPDATE meter SET value = 'quantity';
ALTER TABLE meter ADD CONSTRAINT meter_counts_events_or_values CHECK ((aggregation = 'count') = (value IS NULL));
-- What an event that states no value counts, and the least that one may state; null: it must be stated, 0 or more.
ALTER TABLE meter ADD COLUMN least numeric CONSTRAINT meter_least_positive CHECK (least > 0);
UPDATE meter SET least = 1;
-- How many digits a value may have behind the point.
ALTER TABLE meter ADD COLUMN scale smallint NOT NULL DEFAULT 0 CONSTRAINT meter_scale_in_range CHECK (scale BETWEEN 0 AND 6);
-- Members of an event's data by which totals are told apart.
ALTER TABLE meter ADD COLUMN dimensions text[] NOT NULL DEFAULT '{}'
    CONSTRAINT meter_dimensions_few CHECK (cardinality(dimensions) <= 5);
-- Null: it came with the market.
ALTER TABLE meter ADD COLUMN made_by uuid REFERENCES party;
ALTER TABLE meter ADD COLUMN made_at timestamptz NOT NULL DEFAULT '2026-01-01T00:00:00Z';

-- An event is a row for each meter that counts it, under one id.
ALTER TABLE usage_event DROP CONSTRAINT usage_event_pkey;
ALTER TABLE usage_event ADD CONSTRAINT usage_event_pkey PRIMARY KEY (enterprise_id, occurred_at, id, meter);
ALTER TABLE usage_event DROP CONSTRAINT usage_event_quantity_positive;
ALTER TABLE usage_event ALTER COLUMN quantity TYPE numeric;
ALTER TABLE usage_event ADD CONSTRAINT usage_event_quantity_not_negative CHECK (quantity >= 0);
ALTER TABLE usage_event ADD COLUMN dimensions jsonb NOT NULL DEFAULT '{}';
-- Of a meter of unique values: which one.
ALTER TABLE usage_event ADD COLUMN value text NOT NULL DEFAULT '';

-- Usage by quarter of an hour and dimensions, kept with each counted use; always what a count of the events would give. The
-- clocks of all time zones differ by quarters of an hour, so that these add up to hours, days and months of each.
CREATE TABLE usage_window (
    enterprise_id uuid NOT NULL,
    entitlement_id uuid NOT NULL,
    meter text NOT NULL REFERENCES meter,
    since timestamptz NOT NULL CONSTRAINT usage_window_begins_with_quarter CHECK
        (since = date_bin('15 minutes', since, '2000-01-01T00:00:00Z')),
    dimensions jsonb NOT NULL DEFAULT '{}',
    -- Of a meter of unique values each value has a row.
    value text NOT NULL DEFAULT '',
    events bigint NOT NULL CONSTRAINT usage_window_counts CHECK (events > 0),
    quantity numeric NOT NULL,
    least numeric NOT NULL,
    most numeric NOT NULL,
    latest numeric NOT NULL,
    latest_at timestamptz NOT NULL,
    latest_id uuid NOT NULL,
    PRIMARY KEY (enterprise_id, entitlement_id, meter, since, dimensions, value)
);
ALTER TABLE usage_window ADD CONSTRAINT usage_window_entitlement
    FOREIGN KEY (enterprise_id, entitlement_id) REFERENCES entitlement (enterprise_id, id);
INSERT INTO usage_window (enterprise_id, entitlement_id, meter, since, events, quantity, least, most, latest, latest_at,
    latest_id)
SELECT enterprise_id, entitlement_id, meter, date_bin('15 minutes', occurred_at, '2000-01-01T00:00:00Z'), count(*),
    sum(quantity), min(quantity), max(quantity), (array_agg(quantity ORDER BY occurred_at DESC, id DESC))[1],
    max(occurred_at), (array_agg(id ORDER BY occurred_at DESC, id DESC))[1]
FROM usage_event GROUP BY 1, 2, 3, 4;
