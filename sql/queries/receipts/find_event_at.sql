-- Which event stands at a position of the log: enterprise, purchase, event. $1 position
SELECT event.enterprise_id, event.purchase_id, event.id
FROM log_leaf AS leaf
JOIN market_event AS event ON event.enterprise_id = leaf.enterprise_id AND event.id = leaf.event_id
WHERE leaf.position = $1;
