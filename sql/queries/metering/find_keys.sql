-- What was counted under names that are taken: place in the question from 1, event, digest in hexadecimal.
-- $1 enterprises, $2 operators, $3 sources, $4 ids
SELECT named.place, held.usage_event_id, encode(held.digest, 'hex')
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) WITH ORDINALITY
    AS named (enterprise_id, operator_id, source, id, place)
CROSS JOIN LATERAL (SELECT usage_event_id, digest FROM usage_event_key
    WHERE usage_event_key.enterprise_id = named.enterprise_id AND usage_event_key.operator_id = named.operator_id
        AND usage_event_key.source = named.source AND usage_event_key.id = named.id OFFSET 0) AS held;
