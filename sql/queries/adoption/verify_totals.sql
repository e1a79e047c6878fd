-- Compares the totals of adoption with a recount of the purchases whose records they hold. A row for each check: name, how many
-- were checked, how many differ, and the first that do. Reads across enterprises (enterprise_id).
WITH progress AS (
    SELECT position FROM adoption_progress
), late AS MATERIALIZED (
    SELECT event.enterprise_id, event.purchase_id, (event.data ->> 'number')::integer AS number FROM market_event AS event
    WHERE event.type LIKE 'purchase.%' AND (event.position IS NULL OR event.position > (SELECT position FROM progress))
), recounted AS (
    SELECT dimension, class, standing, currency, happened_on, recorded_on, sum(purchases) AS purchases,
        sum(contracted_minor) AS contracted_minor, COALESCE(bit_or(mark) FILTER (WHERE purchases > 0), 0) AS came,
        COALESCE(bit_or(mark) FILTER (WHERE purchases < 0), 0) AS went
    FROM purchase_class_change LEFT JOIN late USING (enterprise_id, purchase_id, number)
    WHERE late.number IS NULL GROUP BY 1, 2, 3, 4, 5, 6
), total AS (
    SELECT concat_ws(' ', dimension, class, standing, currency, happened_on, recorded_on) AS place,
        (kept.purchases, kept.contracted_minor, kept.came, kept.went)
        IS DISTINCT FROM (recounted.purchases, recounted.contracted_minor, recounted.came, recounted.went) AS differs
    FROM adoption_total AS kept
    FULL JOIN recounted USING (dimension, class, standing, currency, happened_on, recorded_on)
), step AS (
    SELECT concat_ws(' ', enterprise_id, measure, standing, happened_at, recorded_at) AS place,
        kept.change IS DISTINCT FROM recounted.change AS differs
    FROM enterprise_step AS kept
    FULL JOIN (SELECT buyer.enterprise_id, history.measure, history.standing, history.happened_at, history.recorded_at, history.change
        FROM (SELECT DISTINCT enterprise_id FROM purchase WHERE accepted_at IS NOT NULL) AS buyer
        CROSS JOIN LATERAL standing_history(buyer.enterprise_id) AS history) AS recounted
        USING (enterprise_id, measure, standing, happened_at, recorded_at)
    WHERE NOT EXISTS (SELECT FROM late WHERE late.enterprise_id = COALESCE(kept.enterprise_id, recounted.enterprise_id))
)
SELECT 'totals of purchases are a recount of them', count(*), count(*) FILTER (WHERE differs),
    array_to_string((array_agg(place) FILTER (WHERE differs))[1:5], E'\n') FROM total
UNION ALL
SELECT 'steps of enterprises follow from their purchases', count(*), count(*) FILTER (WHERE differs),
    array_to_string((array_agg(place) FILTER (WHERE differs))[1:5], E'\n') FROM step;
