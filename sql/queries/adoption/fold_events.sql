-- Adds the next records of the market's log to the totals of adoption: of each transition of a purchase what it changes.
-- A row for each enterprise whose steps may change by it, and one with null at least: its id, and the position reached, null when
-- there is nothing new. Who runs it holds the lock of adoption_progress.
-- $1 how many records
WITH progress AS MATERIALIZED (
    SELECT position FROM adoption_progress
), event AS MATERIALIZED (
    SELECT leaf.position, event.enterprise_id, event.purchase_id, (event.data ->> 'number')::integer AS number
    FROM progress
    CROSS JOIN LATERAL (SELECT position, enterprise_id, event_id FROM log_leaf WHERE log_leaf.position > progress.position
        ORDER BY log_leaf.position LIMIT $1) AS leaf
    LEFT JOIN market_event AS event ON event.enterprise_id = leaf.enterprise_id AND event.id = leaf.event_id
        AND event.type LIKE 'purchase.%'
), moved AS MATERIALIZED (
    SELECT DISTINCT enterprise_id, purchase_id, number FROM event WHERE number IS NOT NULL
), added AS (
    INSERT INTO adoption_total AS total (dimension, class, standing, currency, happened_on, recorded_on, purchases,
        contracted_minor, enterprises)
    SELECT dimension, class, standing, currency, happened_on, recorded_on, sum(purchases), sum(contracted_minor), bit_or(mark)
    FROM moved JOIN purchase_class_change USING (enterprise_id, purchase_id, number)
    GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 3, 2, 4, 5, 6
    ON CONFLICT (dimension, standing, class, currency, happened_on, recorded_on) DO UPDATE SET
        purchases = total.purchases + excluded.purchases,
        contracted_minor = total.contracted_minor + excluded.contracted_minor,
        enterprises = total.enterprises | excluded.enterprises
), reached AS (
    UPDATE adoption_progress SET position = latest.position FROM (SELECT max(position) AS position FROM event) AS latest
    WHERE latest.position IS NOT NULL RETURNING adoption_progress.position
), touched AS (
    SELECT DISTINCT change.enterprise_id FROM moved JOIN purchase_change AS change USING (enterprise_id, purchase_id, number)
    -- The same rule as in standing_history.
    CROSS JOIN LATERAL (SELECT sum(step.change) FILTER (WHERE measure = 'returned' AND step.standing = change.standing) AS reached,
            max(step.happened_at) AS happened_at, max(step.recorded_at) AS recorded_at
        FROM enterprise_step AS step WHERE step.enterprise_id = change.enterprise_id) AS known
    WHERE change.purchases < 0 OR change.standing IN ('trial', 'refunded') OR known.reached IS DISTINCT FROM 1
        OR change.happened_at <= known.happened_at OR change.recorded_at < known.recorded_at
)
SELECT touched.enterprise_id, (SELECT position FROM reached)
FROM (SELECT 1) AS always LEFT JOIN touched ON true;
