-- What was accepted with the purchases of some events that have no agreement yet, as JSON. $1 enterprises, $2 events
SELECT bought.enterprise_id, bought.id, purchase_terms(bought.enterprise_id, bought.id)::text
FROM (SELECT DISTINCT event.enterprise_id, event.purchase_id
      FROM unnest($1::uuid[], $2::uuid[]) AS due (enterprise_id, event_id)
      JOIN market_event AS event ON event.enterprise_id = due.enterprise_id AND event.id = due.event_id) AS due
JOIN purchase AS bought ON bought.enterprise_id = due.enterprise_id AND bought.id = due.purchase_id
WHERE bought.accepted_at IS NOT NULL AND NOT EXISTS (SELECT FROM agreement
    WHERE agreement.enterprise_id = bought.enterprise_id AND agreement.purchase_id = bought.id);
