-- A token, kept as its hash. $1 digest, $2 id, $3 party, $4 role, $5 now, $6 expires at
INSERT INTO access_token (digest, id, party_id, role, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6);
