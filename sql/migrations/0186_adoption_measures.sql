-- Totals of more than purchases: of each thing that is measured how often, and how much of it. They are made anew by the first turn.
DROP VIEW IF EXISTS purchase_class_change;
DROP VIEW IF EXISTS purchase_change;
DROP TABLE adoption_total;
CREATE TABLE adoption_total (
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
    PRIMARY KEY (measure, dimension, standing, class, unit, happened_on, recorded_on)
);
-- How far an enterprise came with a product: when it first did each step, as it first became known. Only ever added to.
CREATE TABLE funnel_step (
    enterprise_id uuid NOT NULL REFERENCES party,
    product_id uuid NOT NULL REFERENCES product,
    step text NOT NULL CONSTRAINT funnel_step_known CHECK (step IN ('viewed', 'requested', 'agreed', 'used', 'renewed')),
    revision integer,
    happened_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    -- From the request of the purchase until its data was first used.
    waited_seconds numeric CONSTRAINT funnel_step_waits_for_use CHECK ((waited_seconds IS NOT NULL) = (step = 'used')),
    PRIMARY KEY (enterprise_id, product_id, step)
);
-- The purchase of each enterprise that the totals held first: all others are repeats.
CREATE TABLE first_purchase (
    enterprise_id uuid PRIMARY KEY REFERENCES party,
    purchase_id uuid NOT NULL
);
-- Uses and views that the totals do not hold yet: they are not in the log. Whoever adds them takes them out.
CREATE TABLE adoption_feed (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    enterprise_id uuid NOT NULL,
    product_id uuid NOT NULL,
    -- Of a use; null of a view.
    entitlement_id uuid,
    meter text,
    happened_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    events bigint NOT NULL,
    quantity numeric NOT NULL,
    CONSTRAINT adoption_feed_use_is_whole CHECK ((entitlement_id IS NULL) = (meter IS NULL))
);
-- Since when a scenario names a product, and until when it did.
CREATE TABLE scenario_link (
    scenario_id uuid NOT NULL REFERENCES scenario,
    product_id uuid NOT NULL REFERENCES product,
    code text NOT NULL,
    domain text NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz,
    PRIMARY KEY (product_id, scenario_id, since)
);
CREATE INDEX scenario_link_stands ON scenario_link (scenario_id) WHERE until IS NULL;
INSERT INTO scenario_link (scenario_id, product_id, code, domain, since)
SELECT scenario.id, link.product_id, scenario.code, scenario.domain, '-infinity'
FROM scenario_product AS link JOIN scenario ON scenario.id = link.scenario_id;
ALTER TABLE enterprise_step DROP CONSTRAINT enterprise_step_measure_known;
ALTER TABLE enterprise_step ADD CONSTRAINT enterprise_step_measure_known CHECK (measure IN ('bought', 'returned', 'used'));
UPDATE adoption_progress SET position = -1;
