-- Takes the names of usage events; answers the events whose names nobody had taken.
-- $1 enterprises, $2 operators, $3 sources, $4 ids, $5 digests in hexadecimal, $6 when they occurred, $7 usage event ids
INSERT INTO usage_event_key (enterprise_id, operator_id, source, id, digest, occurred_at, usage_event_id)
SELECT named.enterprise_id, named.operator_id, named.source, named.id, decode(named.digest, 'hex'), named.occurred_at,
    named.usage_event_id
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::uuid[])
    AS named (enterprise_id, operator_id, source, id, digest, occurred_at, usage_event_id)
ORDER BY named.enterprise_id, named.operator_id, named.source, named.id
ON CONFLICT (enterprise_id, operator_id, source, id) DO NOTHING
RETURNING usage_event_id;
