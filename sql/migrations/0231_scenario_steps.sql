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
INSERT INTO scenario_step (enterprise_id, step, dimension, class, product_id, happened_at, recorded_at)
SELECT DISTINCT ON (reached.enterprise_id, reached.step, of.dimension, of.class) reached.enterprise_id, reached.step, of.dimension,
    of.class, reached.product_id, reached.happened_at, reached.recorded_at
FROM funnel_step AS reached
JOIN scenario_link AS link ON link.product_id = reached.product_id AND link.since <= reached.recorded_at
    AND COALESCE(link.until > reached.recorded_at, true)
CROSS JOIN LATERAL (VALUES ('', ''), ('scenario', link.code), ('domain', link.domain)) AS of (dimension, class)
WHERE reached.step IN ('agreed', 'used')
ORDER BY 1, 2, 3, 4, reached.recorded_at, reached.happened_at, reached.product_id;
-- And their totals, as total_change tells of them.
INSERT INTO adoption_total (grain, measure, dimension, class, standing, unit, happened_on, recorded_on, times, amount, came, went)
SELECT grain, 'enterprises_' || reached.step, reached.dimension, reached.class,
    CASE WHEN buyer.synthetic THEN 'synthetic' WHEN buyer.kind <> 'enterprise' THEN 'administration' ELSE 'market' END, '',
    CASE grain WHEN 'day' THEN day.happened_on ELSE date_trunc('month', day.happened_on::timestamp)::date END,
    CASE grain WHEN 'day' THEN day.recorded_on ELSE date_trunc('month', day.recorded_on::timestamp)::date END, count(*), 0,
    bit_or(1::bigint << (uuid_hash_extended(reached.enterprise_id, 0) & 63)::integer), 0
FROM scenario_step AS reached JOIN party AS buyer ON buyer.id = reached.enterprise_id
CROSS JOIN LATERAL (SELECT legal_day(reached.happened_at) AS happened_on, legal_day(reached.recorded_at) AS recorded_on) AS day
CROSS JOIN unnest('{day,month}'::text[]) AS grain
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;
