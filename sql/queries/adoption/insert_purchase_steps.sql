-- Notes how far enterprises came with products by transitions of purchases; those steps that are new: step, enterprise_id, product.
-- The second agreement renews. $1 enterprise_ids, $2 purchases, $3 numbers
WITH taken AS MATERIALIZED (
    SELECT step.enterprise_id, step.purchase_id, step.product_id, step.step, step.revision, step.happened_at, step.recorded_at,
        row_number() OVER (PARTITION BY step.enterprise_id, step.product_id, step.step
            ORDER BY step.recorded_at, step.happened_at, step.purchase_id) AS place
    FROM (SELECT DISTINCT enterprise_id, purchase_id, number
          FROM unnest($1::uuid[], $2::uuid[], $3::integer[]) AS moved (enterprise_id, purchase_id, number)) AS moved
    CROSS JOIN LATERAL (SELECT enterprise_id, purchase_id, product_id, step, revision, happened_at, recorded_at
        FROM purchase_step AS step WHERE step.enterprise_id = moved.enterprise_id
            AND step.purchase_id = moved.purchase_id AND step.number = moved.number OFFSET 0) AS step
), known AS (
    SELECT taken.enterprise_id, taken.product_id, taken.step, taken.revision, taken.happened_at, taken.recorded_at,
        taken.place + (EXISTS (SELECT FROM funnel_step AS held WHERE held.enterprise_id = taken.enterprise_id
            AND held.product_id = taken.product_id AND held.step = taken.step))::integer AS time
    FROM taken WHERE taken.place <= 2
), first AS (
    INSERT INTO first_purchase (enterprise_id, purchase_id)
    SELECT DISTINCT ON (enterprise_id) enterprise_id, purchase_id FROM taken WHERE step = 'agreed'
    ORDER BY enterprise_id, recorded_at, happened_at, purchase_id
    ON CONFLICT DO NOTHING
), stepped AS (
    INSERT INTO funnel_step (enterprise_id, product_id, step, revision, happened_at, recorded_at)
    SELECT enterprise_id, product_id, CASE WHEN time = 1 THEN step ELSE 'renewed' END, revision, happened_at, recorded_at
    FROM known WHERE time = 1 OR time = 2 AND step = 'agreed'
    ORDER BY enterprise_id, product_id, 3
    ON CONFLICT DO NOTHING
    RETURNING step, enterprise_id, product_id, happened_at, recorded_at
), reached AS (
    INSERT INTO scenario_step (enterprise_id, step, dimension, class, product_id, happened_at, recorded_at)
    SELECT DISTINCT ON (stepped.enterprise_id, of.dimension, of.class) stepped.enterprise_id, stepped.step, of.dimension,
        of.class, stepped.product_id, stepped.happened_at, stepped.recorded_at
    FROM stepped CROSS JOIN LATERAL reached_class(stepped.product_id, stepped.recorded_at) AS of
    WHERE stepped.step = 'agreed'
    ORDER BY stepped.enterprise_id, of.dimension, of.class, stepped.recorded_at, stepped.happened_at, stepped.product_id
    ON CONFLICT DO NOTHING
)
SELECT step, enterprise_id, product_id FROM stepped;
