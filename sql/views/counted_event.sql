-- The events that change the totals of adoption, each with what it tells of, as total_change names it.
CREATE OR REPLACE VIEW counted_event AS
SELECT enterprise_id, id AS event_id, position, CASE WHEN type LIKE 'purchase.%' THEN 'purchase' ELSE type END AS source,
    CASE WHEN type LIKE 'purchase.%' THEN purchase_id ELSE subject_id END AS subject_id,
    CASE WHEN type LIKE 'purchase.%' THEN (data ->> 'number')::integer ELSE 0 END AS number
FROM market_event
WHERE type LIKE 'purchase.%' AND data ? 'number' OR type IN ('invoice.issued', 'invoice.paid', 'creditnote.issued');
