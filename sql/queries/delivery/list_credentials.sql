-- The tokens of an entitlement for outside clients, newest first, as a JSON array; no row: it is not the enterprise's.
-- $1 enterprise, $2 entitlement
SELECT (SELECT COALESCE(json_agg(json_build_object('id', id, 'issued_at', issued_at, 'expires_at', expires_at,
        'revoked_at', revoked_at) ORDER BY issued_at DESC, id), '[]')
    FROM (SELECT id, issued_at, expires_at, revoked_at FROM sharing_credential AS credential
          WHERE credential.enterprise_id = $1 AND credential.entitlement_id = $2
          ORDER BY issued_at DESC, id LIMIT 100) AS newest)::text
FROM entitlement WHERE enterprise_id = $1 AND id = $2;
