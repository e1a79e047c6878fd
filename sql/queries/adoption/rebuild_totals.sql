-- Adds every purchase to totals that are empty, and notes that they hold all that the log does.
-- What has no place in the log yet is added when it gets one, but for purchases that were never told of.
WITH added AS (
    INSERT INTO adoption_total (dimension, class, standing, currency, happened_on, recorded_on, purchases, contracted_minor,
        came, went)
    SELECT dimension, class, standing, currency, happened_on, recorded_on, sum(purchases), sum(contracted_minor),
        COALESCE(bit_or(mark) FILTER (WHERE purchases > 0), 0), COALESCE(bit_or(mark) FILTER (WHERE purchases < 0), 0)
    FROM purchase_class_change AS change
    WHERE NOT EXISTS (SELECT FROM market_event AS event WHERE event.enterprise_id = change.enterprise_id
        AND event.purchase_id = change.purchase_id AND event.position IS NULL AND event.type LIKE 'purchase.%'
        AND (event.data ->> 'number')::integer = change.number)
    GROUP BY 1, 2, 3, 4, 5, 6
)
UPDATE adoption_progress SET position = COALESCE((SELECT max(position) FROM log_leaf), -1);
