-- Where a webhook is and what signs: URL, secret, the secret before or null. No row when the party has no such webhook.
-- $1 party, $2 id, $3 now
SELECT url, secret, CASE WHEN old_secret_until > $3 THEN old_secret END FROM webhook WHERE party_id = $1 AND id = $2;
