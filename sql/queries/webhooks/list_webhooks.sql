-- Webhooks of a party, newest first: key and JSON per row. $1 party, $2 id or null, $3 id to start below or null, $4 limit
SELECT id::text, json_build_object('id', id, 'url', url, 'description', description, 'types', types, 'state', state,
    'registered_at', registered_at, 'failing_since', failing_since, 'old_secret_until', old_secret_until)::text
FROM webhook
WHERE party_id = $1 AND ($2::uuid IS NULL OR id = $2) AND ($3::uuid IS NULL OR id < $3)
ORDER BY id DESC LIMIT $4;
