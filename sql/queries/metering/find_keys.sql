-- What was counted under names that are taken: place in the question from 1, event, digest. $1 enterprises, $2 names
SELECT named.place, held.usage_event_id, held.digest
FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS named (enterprise_id, name, place)
CROSS JOIN LATERAL (SELECT usage_event_id, digest FROM usage_event_key
    WHERE usage_event_key.enterprise_id = named.enterprise_id AND usage_event_key.name = named.name OFFSET 0) AS held;
