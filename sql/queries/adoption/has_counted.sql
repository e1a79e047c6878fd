-- Whether the totals of adoption hold everything that was recorded by a time: no event of then waits for its place in the
-- market's log, and none has one that they do not reach. Reads across enterprises (enterprise_id). $1 time
SELECT NOT EXISTS (SELECT FROM market_event WHERE position IS NULL AND type LIKE 'purchase.%' AND occurred_at <= $1)
    AND NOT EXISTS (SELECT FROM log_leaf
        JOIN market_event AS event ON event.enterprise_id = log_leaf.enterprise_id AND event.id = log_leaf.event_id
            AND event.type LIKE 'purchase.%' AND event.occurred_at <= $1
        WHERE log_leaf.position > (SELECT position FROM adoption_progress));
