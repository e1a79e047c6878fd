-- Who a session speaks for, and until when; no row: the token or password that it was opened with is unknown, expired or
-- revoked, its owner signed out, or its key was replaced. $1 session, $2 version of its key, $3 token or password, $4 its end,
-- $5 now
SELECT access.id, party.id, party.code, party.name, COALESCE(party.name_en, party.name), access.role,
    LEAST(access.expires_at, $4::timestamptz)
FROM (
    SELECT id, party_id, role, expires_at FROM access_token
    WHERE id = $3 AND revoked_at IS NULL AND expires_at > $5
    UNION ALL
    SELECT id, party_id, role, NULL FROM portal_password WHERE id = $3
) AS access JOIN party ON party.id = access.party_id
WHERE EXISTS (SELECT FROM session_key WHERE version = $2) AND NOT EXISTS (SELECT FROM ended_session WHERE id = $1);
