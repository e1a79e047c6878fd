-- The event that concluded the agreement of a purchase; no row: none was concluded. $1 enterprise, $2 purchase
SELECT event.id FROM market_event AS event
JOIN purchase ON purchase.enterprise_id = event.enterprise_id AND purchase.id = event.purchase_id
WHERE event.enterprise_id = $1 AND event.purchase_id = $2 AND purchase.accepted_at IS NOT NULL
    AND event.type IN ('purchase.agreed', 'purchase.active')
ORDER BY event.id LIMIT 1;
