-- Whether the totals of adoption hold everything that was recorded by a time: they were made, no event of then waits for its place in the
-- market's log, none has one that they do not reach, and no use or view of then waits; or whether those of the directory do: nothing
-- waits for the search, and no source to be counted. Reads across enterprises (enterprise_id). $1 time, $2 whether of the directory
SELECT CASE WHEN $2::boolean THEN NOT EXISTS (SELECT FROM search_pending) AND NOT EXISTS (SELECT FROM directory_recount)
    ELSE (SELECT is_made FROM adoption_progress) AND NOT EXISTS (SELECT FROM market_event WHERE position IS NULL AND occurred_at <= $1)
    AND NOT EXISTS (SELECT FROM log_leaf
        JOIN market_event AS event ON event.enterprise_id = log_leaf.enterprise_id AND event.id = log_leaf.event_id
            AND event.occurred_at <= $1
        WHERE log_leaf.position > (SELECT position FROM adoption_progress))
    AND NOT EXISTS (SELECT FROM adoption_feed WHERE recorded_at <= $1) END;
