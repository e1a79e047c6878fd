-- Forgets a webhook and what it was told; no row when the party has no such webhook. $1 party, $2 id
DELETE FROM webhook WHERE party_id = $1 AND id = $2 RETURNING id;
