-- Content by its hash; one row when it is new, none when it is already kept. $1 sha256, $2 bytes, $3 now
INSERT INTO content (sha256, bytes, recorded_at) VALUES ($1, $2, $3) ON CONFLICT (sha256) DO NOTHING RETURNING bytes;
