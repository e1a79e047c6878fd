-- Registers a webhook under the lowest number that the party has free: its JSON; no row when none is.
-- $1 id, $2 party, $3 url, $4 description, $5 types or null, $6 secret, $7 now
INSERT INTO webhook (id, party_id, number, url, description, types, secret, state, registered_at)
SELECT $1, $2, number, $3, $4, $5, $6, 'active', $7
FROM generate_series(1, 20) AS number
WHERE NOT EXISTS (SELECT FROM webhook WHERE party_id = $2 AND webhook.number = number.number)
ORDER BY number LIMIT 1
ON CONFLICT (party_id, number) DO NOTHING
RETURNING json_build_object('id', id, 'url', url, 'description', description, 'types', types, 'state', state,
    'registered_at', registered_at)::text;
