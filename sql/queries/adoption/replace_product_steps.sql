-- Keeps the steps of products as their purchases have them now. $1 products
WITH wanted AS MATERIALIZED (
    SELECT product.id, history.standing, history.happened_at, history.recorded_at, history.change, history.came, history.went
    FROM unnest($1::uuid[]) AS product (id) CROSS JOIN LATERAL sold_history(product.id) AS history
), gone AS (
    DELETE FROM product_step AS step WHERE step.product_id = ANY ($1) AND NOT EXISTS (SELECT FROM wanted
        WHERE wanted.id = step.product_id AND wanted.standing = step.standing
            AND wanted.happened_at = step.happened_at AND wanted.recorded_at = step.recorded_at)
)
INSERT INTO product_step AS step (product_id, standing, happened_at, recorded_at, change, came, went)
SELECT id, standing, happened_at, recorded_at, change, came, went FROM wanted
ON CONFLICT (product_id, standing, happened_at, recorded_at) DO UPDATE SET change = excluded.change, came = excluded.came,
    went = excluded.went
WHERE (step.change, step.came, step.went) IS DISTINCT FROM (excluded.change, excluded.came, excluded.went);
