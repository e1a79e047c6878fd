-- Notes how far enterprises came with products, from all purchases that the log tells of or was never told of; what was noted stays.
WITH taken AS MATERIALIZED (
    SELECT step.enterprise_id, step.purchase_id, step.product_id, step.step, step.revision, step.happened_at, step.recorded_at,
        row_number() OVER (PARTITION BY step.enterprise_id, step.product_id, step.step
            ORDER BY step.recorded_at, step.happened_at, step.purchase_id) AS time
    FROM purchase_step AS step
    WHERE NOT EXISTS (SELECT FROM counted_event AS event WHERE event.position IS NULL AND event.source = 'purchase'
        AND event.enterprise_id = step.enterprise_id AND event.subject_id = step.purchase_id AND event.number = step.number)
), first AS (
    INSERT INTO first_purchase (enterprise_id, purchase_id)
    SELECT DISTINCT ON (enterprise_id) enterprise_id, purchase_id FROM taken WHERE step = 'agreed'
    ORDER BY enterprise_id, recorded_at, happened_at, purchase_id
    ON CONFLICT DO NOTHING
)
INSERT INTO funnel_step (enterprise_id, product_id, step, revision, happened_at, recorded_at)
SELECT enterprise_id, product_id, CASE WHEN time = 1 THEN step ELSE 'renewed' END, revision, happened_at, recorded_at
FROM taken WHERE time = 1 OR time = 2 AND step = 'agreed'
ON CONFLICT DO NOTHING;
