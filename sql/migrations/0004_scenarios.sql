-- Demonstration scenarios, as the administration publishes them; every published document is kept.
CREATE TABLE scenario (
    id uuid PRIMARY KEY,
    code text NOT NULL CONSTRAINT scenario_code_unique UNIQUE
        CONSTRAINT scenario_code_form CHECK (code ~ '^SC-[0-9]{4}-[0-9]{3}$'),
    -- Null when no public source states the batch.
    batch integer CONSTRAINT scenario_batch_positive CHECK (batch > 0),
    title_zh text NOT NULL,
    title_en text NOT NULL,
    domain text NOT NULL CONSTRAINT scenario_domain_known CHECK
        (domain IN ('industrial_development', 'social_governance', 'livelihood')),
    published_on date,
    document jsonb NOT NULL,
    digest bytea NOT NULL,
    revision integer NOT NULL,
    publisher_id uuid NOT NULL REFERENCES party,
    recorded_at timestamptz NOT NULL
);

CREATE TABLE scenario_revision (
    scenario_id uuid NOT NULL REFERENCES scenario,
    revision integer NOT NULL,
    document jsonb NOT NULL,
    publisher_id uuid NOT NULL REFERENCES party,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (scenario_id, revision)
);

CREATE TABLE scenario_product (
    scenario_id uuid NOT NULL REFERENCES scenario,
    product_id uuid NOT NULL REFERENCES product,
    note text,
    PRIMARY KEY (scenario_id, product_id)
);
CREATE INDEX scenario_product_by_product ON scenario_product (product_id);

CREATE TABLE scenario_entry (
    scenario_id uuid NOT NULL REFERENCES scenario,
    entry_id uuid NOT NULL REFERENCES directory_entry,
    PRIMARY KEY (scenario_id, entry_id)
);
