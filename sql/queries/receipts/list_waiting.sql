-- Events that wait for their place in the log.
SELECT id FROM market_event WHERE position IS NULL;
