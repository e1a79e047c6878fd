-- What was accepted with the purchases of some events that have no agreement yet, as JSON. $1 enterprises, $2 events
-- Each is looked up by its key: a plan made while the tables were nearly empty read them whole for each event.
SELECT bought.enterprise_id, bought.id, terms.document::text
FROM (SELECT DISTINCT event.enterprise_id, event.purchase_id
      FROM unnest($1::uuid[], $2::uuid[]) AS due (enterprise_id, event_id)
      CROSS JOIN LATERAL (SELECT enterprise_id, purchase_id FROM market_event
          WHERE market_event.enterprise_id = due.enterprise_id AND market_event.id = due.event_id OFFSET 0) AS event) AS due
CROSS JOIN LATERAL (SELECT enterprise_id, id FROM purchase
    WHERE purchase.enterprise_id = due.enterprise_id AND purchase.id = due.purchase_id AND purchase.accepted_at IS NOT NULL
        AND NOT EXISTS (SELECT FROM agreement
            WHERE agreement.enterprise_id = due.enterprise_id AND agreement.purchase_id = due.purchase_id)
    OFFSET 0) AS bought
CROSS JOIN LATERAL purchase_terms(bought.enterprise_id, bought.id) AS terms;
