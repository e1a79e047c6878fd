-- Adds uses and views that wait to the totals of adoption, and notes the steps that are new. How many were taken, and of the new
-- steps the names, enterprise_ids and products. Who runs it holds the lock of adoption_progress. $1 how many at most
WITH taken AS MATERIALIZED (
    DELETE FROM adoption_feed WHERE id IN (SELECT id FROM adoption_feed ORDER BY id LIMIT $1)
    RETURNING enterprise_id, product_id, entitlement_id, meter, happened_at, recorded_at, events, quantity
), step AS (
    SELECT DISTINCT ON (enterprise_id, product_id, step) enterprise_id, product_id, entitlement_id, named.step, happened_at,
        recorded_at
    FROM taken CROSS JOIN LATERAL (SELECT CASE WHEN meter IS NULL THEN 'viewed' ELSE 'used' END AS step) AS named
    ORDER BY enterprise_id, product_id, step, recorded_at, happened_at
), stepped AS (
    INSERT INTO funnel_step (enterprise_id, product_id, step, revision, happened_at, recorded_at, waited_seconds)
    SELECT step.enterprise_id, step.product_id, step.step, asked.revision, step.happened_at, step.recorded_at,
        CASE WHEN step.step = 'used' THEN GREATEST(0, extract(epoch FROM step.happened_at - asked.requested_at)) END
    FROM step LEFT JOIN LATERAL (SELECT purchase.revision, purchase.requested_at
        FROM entitlement JOIN purchase ON purchase.enterprise_id = entitlement.enterprise_id
            AND purchase.id = entitlement.purchase_id
        WHERE entitlement.enterprise_id = step.enterprise_id AND entitlement.id = step.entitlement_id OFFSET 0) AS asked ON true
    WHERE NOT EXISTS (SELECT FROM funnel_step AS held WHERE held.enterprise_id = step.enterprise_id
        AND held.product_id = step.product_id AND held.step = step.step)
    RETURNING step, enterprise_id, product_id, happened_at, recorded_at
), reached AS (
    INSERT INTO scenario_step (enterprise_id, step, dimension, class, product_id, happened_at, recorded_at)
    SELECT DISTINCT ON (stepped.enterprise_id, of.dimension, of.class) stepped.enterprise_id, stepped.step, of.dimension,
        of.class, stepped.product_id, stepped.happened_at, stepped.recorded_at
    FROM stepped CROSS JOIN LATERAL reached_class(stepped.product_id, stepped.recorded_at) AS of
    WHERE stepped.step = 'used'
    ORDER BY stepped.enterprise_id, of.dimension, of.class, stepped.recorded_at, stepped.happened_at, stepped.product_id
    ON CONFLICT DO NOTHING
), metered AS (
    SELECT enterprise_id, product_id, meter, legal_day(happened_at) AS happened_on, legal_day(recorded_at) AS recorded_on,
        min(happened_at) AS happened_at, max(recorded_at) AS recorded_at, sum(events) AS events, sum(quantity) AS quantity
    FROM taken WHERE meter IS NOT NULL GROUP BY 1, 2, 3, 4, 5
), added AS (
    INSERT INTO adoption_total AS total (grain, measure, dimension, class, standing, unit, happened_on, recorded_on, times, amount,
        came, went)
    SELECT day.grain, 'metered', of.dimension, of.class, enterprise_base(buyer.kind, buyer.synthetic), metered.meter,
        day.happened_in, day.recorded_in, sum(metered.events), sum(metered.quantity),
        bit_or(1::bigint << (uuid_hash_extended(metered.enterprise_id, 0) & 63)::integer), 0
    FROM metered JOIN party AS buyer ON buyer.id = metered.enterprise_id
    CROSS JOIN LATERAL (
        SELECT dimension, class FROM buyer_class(metered.enterprise_id)
        UNION ALL
        SELECT dimension, class FROM product_class(metered.product_id, NULL, metered.happened_at, metered.recorded_at)
    ) AS of
    CROSS JOIN LATERAL total_grain(metered.happened_on, metered.recorded_on) AS day
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 3, 5, 1, 7, 4, 6, 8
    ON CONFLICT (measure, dimension, standing, grain, happened_on, class, unit, recorded_on) DO UPDATE SET
        times = total.times + excluded.times, amount = total.amount + excluded.amount, came = total.came | excluded.came
)
SELECT (SELECT count(*) FROM taken), COALESCE(array_agg(step), '{}'), COALESCE(array_agg(enterprise_id), '{}'),
    COALESCE(array_agg(product_id), '{}')
FROM stepped;
