-- Revokes a token that is in force. $1 id, $2 now
UPDATE access_token SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL;
