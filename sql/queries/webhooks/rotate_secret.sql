-- Gives a webhook another secret; the one before signs as well for a while. No row when the party has no such webhook.
-- $1 party, $2 id, $3 secret, $4 until when the one before signs
UPDATE webhook SET old_secret = secret, old_secret_until = $4, secret = $3 WHERE party_id = $1 AND id = $2
RETURNING id;
