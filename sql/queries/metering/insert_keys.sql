-- Takes the names of usage events; answers the events whose names were taken before: mostly none.
-- $1 enterprises, $2 names, $3 digests, $4 when they occurred, $5 usage event ids
WITH taken AS (
    INSERT INTO usage_event_key (enterprise_id, name, digest, occurred_at, usage_event_id)
    SELECT claim.enterprise_id, claim.name, claim.digest, claim.occurred_at, claim.usage_event_id
    FROM unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::timestamptz[], $5::uuid[])
        AS claim (enterprise_id, name, digest, occurred_at, usage_event_id)
    ORDER BY claim.enterprise_id, claim.name
    ON CONFLICT (enterprise_id, name) DO NOTHING
    RETURNING usage_event_id
)
SELECT claimed.id FROM unnest($5::uuid[]) AS claimed (id)
WHERE (SELECT count(*) FROM taken) < cardinality($5::uuid[])
    AND claimed.id NOT IN (SELECT usage_event_id FROM taken);
