-- Ends a token of an entitlement for outside clients. $1 enterprise, $2 entitlement, $3 credential, $4 now
UPDATE sharing_credential SET revoked_at = COALESCE(revoked_at, $4)
WHERE enterprise_id = $1 AND entitlement_id = $2 AND id = $3;
