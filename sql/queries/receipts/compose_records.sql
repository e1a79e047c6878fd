-- What the log says of events, as JSON, in the order in which they are asked for. $1 enterprises, $2 events
SELECT json_build_object('format', 'datamarket-record/1', 'event', event.id, 'type', event.type,
    'occurred_at', event.occurred_at, 'enterprise', party.code, 'purchase', event.purchase_id,
    'subject', event.subject_id, 'data', event.data, 'agreement', CASE WHEN agreement.purchase_id IS NOT NULL THEN
        jsonb_build_object('sha256', encode(agreement.sha256, 'hex')) || agreement.parts END)::text
-- Each is looked up by its key: a plan made while the tables were nearly empty read them whole for each event.
FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS due (enterprise_id, event_id, place)
CROSS JOIN LATERAL (SELECT enterprise_id, id, type, occurred_at, purchase_id, subject_id, data FROM market_event
    WHERE market_event.enterprise_id = due.enterprise_id AND market_event.id = due.event_id OFFSET 0) AS event
JOIN party ON party.id = event.enterprise_id
LEFT JOIN LATERAL (SELECT purchase_id, sha256, parts FROM agreement WHERE agreement.enterprise_id = event.enterprise_id
    AND agreement.purchase_id = event.purchase_id OFFSET 0) AS agreement ON true
ORDER BY due.place;
