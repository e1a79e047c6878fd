-- How many events there are, and how many of them wait for their place in the log.
SELECT count(*), count(*) FILTER (WHERE position IS NULL) FROM market_event;
