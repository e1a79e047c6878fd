-- Tokens of a party, newest first: key and JSON per row. $1 party code
SELECT access_token.id::text, json_build_object('id', access_token.id, 'role', access_token.role,
    'created_at', access_token.created_at, 'expires_at', access_token.expires_at,
    'revoked_at', access_token.revoked_at)::text
FROM access_token JOIN party ON party.id = access_token.party_id
WHERE party.code = $1 ORDER BY access_token.created_at DESC;
