-- The next records of the market's log that the totals of adoption do not hold: place, and of a transition of a purchase the
-- enterprise_id, purchase and number, null of others. $1 how many
SELECT leaf.position, event.enterprise_id, event.purchase_id, (event.data ->> 'number')::integer
FROM (SELECT position, enterprise_id, event_id FROM log_leaf
      WHERE position > (SELECT position FROM adoption_progress) ORDER BY position LIMIT $1) AS leaf
LEFT JOIN market_event AS event ON event.enterprise_id = leaf.enterprise_id AND event.id = leaf.event_id
    AND event.type LIKE 'purchase.%' AND event.data ? 'number'
ORDER BY leaf.position;
