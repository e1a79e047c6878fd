-- How many events there are, and how many of those in $1 (ids) wait for their place in the log.
SELECT count(*), count(*) FILTER (WHERE position IS NULL AND id = ANY ($1::uuid[])) FROM market_event;
