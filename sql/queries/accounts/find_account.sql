-- Who a token speaks for; no row: unknown, expired or revoked. $1 digest, $2 now
SELECT access_token.id, party.id, party.code, party.name, COALESCE(party.name_en, party.name),
    access_token.role, access_token.expires_at
FROM access_token JOIN party ON party.id = access_token.party_id
WHERE access_token.digest = $1 AND access_token.revoked_at IS NULL AND access_token.expires_at > $2;
