-- Compares the steps of products with those that follow from their purchases, but of products with a purchase whose record the
-- totals do not hold yet: name, how many were checked, how many differ, and the first that do. Reads across enterprises
-- (enterprise_id).
WITH late AS MATERIALIZED (
    SELECT DISTINCT purchase.product_id FROM market_event AS event
    JOIN purchase ON purchase.enterprise_id = event.enterprise_id AND purchase.id = event.purchase_id
    WHERE event.type LIKE 'purchase.%'
        AND (event.position IS NULL OR event.position > (SELECT position FROM adoption_progress))
), step AS (
    SELECT concat_ws(' ', product_id, standing, happened_at, recorded_at) AS place,
        (kept.change, kept.came, kept.went) IS DISTINCT FROM (recounted.change, recounted.came, recounted.went) AS differs
    FROM product_step AS kept
    FULL JOIN (SELECT product.id AS product_id, history.standing, history.happened_at, history.recorded_at, history.change,
            history.came, history.went
        FROM product CROSS JOIN LATERAL sold_history(product.id) AS history) AS recounted
        USING (product_id, standing, happened_at, recorded_at)
    WHERE NOT EXISTS (SELECT FROM late WHERE late.product_id = COALESCE(kept.product_id, recounted.product_id))
)
SELECT 'steps of products follow from their purchases', count(*), count(*) FILTER (WHERE differs),
    array_to_string((array_agg(place) FILTER (WHERE differs))[1:5], E'\n') FROM step;
