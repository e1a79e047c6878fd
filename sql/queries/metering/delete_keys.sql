-- Gives back the names of events that are not counted after all. $1 enterprises, $2 operators, $3 sources, $4 ids
DELETE FROM usage_event_key
USING unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) AS refused (enterprise_id, operator_id, source, id)
WHERE usage_event_key.enterprise_id = refused.enterprise_id AND usage_event_key.operator_id = refused.operator_id
    AND usage_event_key.source = refused.source AND usage_event_key.id = refused.id;
