-- Adds transitions of purchases to the totals of adoption, and notes the place in the log that they hold now. The ids of the
-- enterprises whose steps may change by it. Who runs it holds the lock of adoption_progress.
-- One by one (OFFSET 0), by their keys: a plan for all of them at once would be one for whole tables where these are young.
-- $1 enterprises, $2 purchases, $3 numbers, $4 place
WITH moved AS MATERIALIZED (
    SELECT DISTINCT enterprise_id, purchase_id, number
    FROM unnest($1::uuid[], $2::uuid[], $3::integer[]) AS moved (enterprise_id, purchase_id, number)
), added AS (
    INSERT INTO adoption_total AS total (dimension, class, standing, currency, happened_on, recorded_on, purchases,
        contracted_minor, came, went)
    SELECT dimension, class, standing, currency, happened_on, recorded_on, sum(purchases), sum(contracted_minor),
        COALESCE(bit_or(mark) FILTER (WHERE purchases > 0), 0), COALESCE(bit_or(mark) FILTER (WHERE purchases < 0), 0)
    FROM moved CROSS JOIN LATERAL (SELECT dimension, class, standing, currency, happened_on, recorded_on, purchases,
            contracted_minor, mark
        FROM purchase_class_change AS change WHERE change.enterprise_id = moved.enterprise_id
            AND change.purchase_id = moved.purchase_id AND change.number = moved.number OFFSET 0) AS change
    GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 3, 2, 4, 5, 6
    ON CONFLICT (dimension, standing, class, currency, happened_on, recorded_on) DO UPDATE SET
        purchases = total.purchases + excluded.purchases,
        contracted_minor = total.contracted_minor + excluded.contracted_minor,
        came = total.came | excluded.came, went = total.went | excluded.went
), reached AS (
    UPDATE adoption_progress SET position = $4
)
SELECT DISTINCT moved.enterprise_id
FROM moved CROSS JOIN LATERAL (SELECT standing, happened_at, recorded_at, purchases
    FROM purchase_change AS change WHERE change.enterprise_id = moved.enterprise_id
        AND change.purchase_id = moved.purchase_id AND change.number = moved.number OFFSET 0) AS change
    -- The same rule as in standing_history.
    CROSS JOIN LATERAL (SELECT sum(step.change) FILTER (WHERE measure = 'returned' AND step.standing = change.standing) AS reached,
            max(step.happened_at) AS happened_at, max(step.recorded_at) AS recorded_at
        FROM enterprise_step AS step WHERE step.enterprise_id = moved.enterprise_id) AS known
    WHERE change.purchases < 0 OR change.standing IN ('trial', 'refunded') OR known.reached IS DISTINCT FROM 1
        OR change.happened_at <= known.happened_at OR change.recorded_at < known.recorded_at;
