-- Content by its hash, unless it is there already. $1 sha256, $2 sm3 or null, $3 bytes, $4 now
INSERT INTO content (sha256, sm3, bytes, recorded_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (sha256) DO UPDATE SET sm3 = excluded.sm3 WHERE content.sm3 IS NULL;
