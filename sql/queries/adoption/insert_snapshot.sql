-- Keeps a snapshot; no row when the command's key was used before. $1 id, $2 signed document, $3 party, $4 now, $5 key,
-- $6 SHA-256 of the command
INSERT INTO adoption_snapshot (id, document, sha256, made_by, made_at, key, command_digest)
VALUES ($1, $2, sha256($2), $3, $4, $5, $6)
ON CONFLICT (made_by, key) DO NOTHING RETURNING id;
