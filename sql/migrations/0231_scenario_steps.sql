-- When an enterprise first did something with any product of a scenario, of a domain, or of any scenario at all: of those that named
-- the product as it was known then. Only ever added to.
CREATE TABLE scenario_step (
    enterprise_id uuid NOT NULL REFERENCES party,
    step text NOT NULL CONSTRAINT scenario_step_known CHECK (step IN ('agreed', 'used')),
    dimension text NOT NULL CONSTRAINT scenario_step_dimension_known CHECK (dimension IN ('', 'scenario', 'domain')),
    class text NOT NULL,
    -- What it first did it with.
    product_id uuid NOT NULL REFERENCES product,
    happened_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (enterprise_id, step, dimension, class)
);
CREATE INDEX scenario_step_by_product ON scenario_step (enterprise_id, product_id, step);
UPDATE adoption_progress SET position = -1, is_made = false;
