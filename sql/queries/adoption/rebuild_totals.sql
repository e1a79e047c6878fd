-- Adds everything but use to totals that hold none of it, and notes that they hold all that the log does.
-- What has no place in the log yet is added when it gets one, but for what the log was never told of.
WITH added AS (
    INSERT INTO adoption_total (measure, dimension, class, standing, unit, happened_on, recorded_on, times, amount, came, went)
    SELECT measure, dimension, class, standing, unit, happened_on, recorded_on, sum(times), sum(amount),
        COALESCE(bit_or(mark) FILTER (WHERE times > 0), 0),
        COALESCE(bit_or(mark) FILTER (WHERE times < 0 OR amount < 0), 0)
    FROM total_change AS change
    WHERE NOT EXISTS (SELECT FROM counted_event AS event WHERE event.position IS NULL AND event.source = change.source
        AND event.enterprise_id = change.enterprise_id AND event.subject_id = change.subject_id AND event.number = change.number)
    GROUP BY 1, 2, 3, 4, 5, 6, 7
)
UPDATE adoption_progress SET position = COALESCE((SELECT max(position) FROM log_leaf), -1);
