-- Gives back the names of events that are not counted after all. $1 enterprises, $2 names
DELETE FROM usage_event_key
USING unnest($1::uuid[], $2::uuid[]) AS refused (enterprise_id, name)
WHERE usage_event_key.enterprise_id = refused.enterprise_id AND usage_event_key.name = refused.name;
