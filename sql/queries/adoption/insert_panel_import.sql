-- Keeps what an import of a panel answered; no row when the command's key was used before. $1 party, $2 key, $3 SHA-256 of
-- the command, $4 answer, $5 now
INSERT INTO panel_import (party_id, key, command_digest, answer, recorded_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (party_id, key) DO NOTHING RETURNING key;
