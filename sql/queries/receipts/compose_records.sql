-- What the log says of events, as JSON, in the order in which they are asked for. $1 enterprises, $2 events
SELECT json_build_object('format', 'datamarket-record/1', 'event', event.id, 'type', event.type,
    'occurred_at', event.occurred_at, 'enterprise', party.code, 'purchase', event.purchase_id,
    'subject', event.subject_id, 'data', event.data, 'agreement', CASE WHEN agreement.purchase_id IS NOT NULL THEN
        jsonb_build_object('sha256', encode(agreement.sha256, 'hex')) || agreement.parts END)::text
FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS due (enterprise_id, event_id, place)
JOIN market_event AS event ON event.enterprise_id = due.enterprise_id AND event.id = due.event_id
JOIN party ON party.id = event.enterprise_id
LEFT JOIN agreement ON agreement.enterprise_id = event.enterprise_id AND agreement.purchase_id = event.purchase_id
ORDER BY due.place;
