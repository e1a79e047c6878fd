-- The chain behind one counted use as JSON, with the event. No row: not the enterprise's event.
-- $1 enterprise, $2 event, $3 and $4 between which it occurred, $5 as of (null: when it occurred), $6 recorded by
SELECT (chain.document::jsonb || jsonb_build_object('usage', jsonb_build_object('id', event.id, 'occurred_at', event.occurred_at,
    'meter', event.meter, 'quantity', event.quantity, 'bytes', event.bytes, 'entitlement', event.entitlement_id)))::text
FROM entitlement
JOIN any_usage_event AS event ON event.enterprise_id = entitlement.enterprise_id AND event.entitlement_id = entitlement.id
CROSS JOIN LATERAL purchase_chain(event.enterprise_id, entitlement.purchase_id, COALESCE($5, event.occurred_at), $6)
    AS chain
WHERE entitlement.enterprise_id = $1 AND event.id = $2 AND event.occurred_at >= $3 AND event.occurred_at < $4;
