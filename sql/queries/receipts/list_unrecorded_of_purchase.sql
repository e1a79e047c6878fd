-- Events of a purchase that wait for their place in the log, oldest first. $1 enterprise, $2 purchase, $3 how many
SELECT enterprise_id, id FROM market_event
WHERE enterprise_id = $1 AND purchase_id = $2 AND position IS NULL ORDER BY id LIMIT $3 FOR NO KEY UPDATE;
