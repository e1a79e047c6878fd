-- Takes the names of usage events; answers the events whose names nobody had taken.
-- $1 enterprises, $2 sources, $3 ids, $4 digests in hexadecimal, $5 when they occurred, $6 usage event ids
INSERT INTO usage_event_key (enterprise_id, source, id, digest, occurred_at, usage_event_id)
SELECT named.enterprise_id, named.source, named.id, decode(named.digest, 'hex'), named.occurred_at, named.usage_event_id
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::uuid[])
    AS named (enterprise_id, source, id, digest, occurred_at, usage_event_id)
ORDER BY named.enterprise_id, named.source, named.id
ON CONFLICT (enterprise_id, source, id) DO NOTHING
RETURNING usage_event_id;
