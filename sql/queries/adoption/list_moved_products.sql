-- The products whose steps may change by transitions of purchases. $1 enterprises, $2 purchases, $3 numbers
-- One by one (OFFSET 0), by their keys, as in add_to_totals.
WITH moved AS MATERIALIZED (
    SELECT DISTINCT enterprise_id, purchase_id, number
    FROM unnest($1::uuid[], $2::uuid[], $3::integer[]) AS moved (enterprise_id, purchase_id, number)
), ladder (standing, rank) AS (
    VALUES ('market', 1), ('trial', 2), ('refunded', 3), ('administration', 4), ('synthetic', 5)
)
SELECT DISTINCT purchase.product_id
FROM moved
CROSS JOIN LATERAL (SELECT product_id, accepted_at FROM purchase
    WHERE purchase.enterprise_id = moved.enterprise_id AND purchase.id = moved.purchase_id OFFSET 0) AS purchase
CROSS JOIN LATERAL (SELECT standing, happened_at, recorded_at, purchases
    FROM purchase_change AS change WHERE change.enterprise_id = moved.enterprise_id
        AND change.purchase_id = moved.purchase_id AND change.number = moved.number OFFSET 0) AS change
JOIN ladder USING (standing)
CROSS JOIN LATERAL (SELECT max(step.happened_at) AS happened_at, max(step.recorded_at) AS recorded_at
    FROM product_step AS step WHERE step.product_id = purchase.product_id AND step.change <> 0) AS last
LEFT JOIN LATERAL (SELECT ladder.rank FROM product_step AS step JOIN ladder USING (standing)
    WHERE step.product_id = purchase.product_id GROUP BY ladder.rank HAVING sum(step.change) = 1) AS reached ON true
-- One more behind a standing that is reached changes nothing, nor does one less, unless the standing was reached by it.
WHERE reached.rank IS NULL OR reached.rank > ladder.rank
    OR change.happened_at < last.happened_at OR change.recorded_at < last.recorded_at
    OR change.purchases < 0 AND purchase.accepted_at <= last.happened_at AND EXISTS (SELECT FROM product_step AS step
        WHERE step.product_id = purchase.product_id AND step.standing = change.standing
            AND step.came & (1::bigint << (uuid_hash_extended(moved.enterprise_id, 0) & 63)::integer) <> 0);
