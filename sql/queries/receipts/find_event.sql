-- Whose event it is, and of which purchase; no row: there is no such event. $1 event
SELECT event.enterprise_id, event.purchase_id, event.id FROM market_event AS event
WHERE event.id = $1 AND event.position IS NULL
UNION ALL
SELECT event.enterprise_id, event.purchase_id, event.id
FROM log_leaf AS leaf
JOIN market_event AS event ON event.enterprise_id = leaf.enterprise_id AND event.id = leaf.event_id
WHERE leaf.event_id = $1;
