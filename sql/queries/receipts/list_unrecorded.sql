-- Events that wait for their place in the log, oldest first. $1 how many
SELECT enterprise_id, id FROM market_event WHERE position IS NULL ORDER BY id LIMIT $1 FOR NO KEY UPDATE;
