-- Gives back the names of events that are not counted after all. $1 enterprises, $2 sources, $3 ids
DELETE FROM usage_event_key
USING unnest($1::uuid[], $2::text[], $3::text[]) AS refused (enterprise_id, source, id)
WHERE usage_event_key.enterprise_id = refused.enterprise_id AND usage_event_key.source = refused.source
    AND usage_event_key.id = refused.id;
