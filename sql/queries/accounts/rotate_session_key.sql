-- Puts a new key in the place of the one that signs sessions: all of them end. $1 secret, $2 now
INSERT INTO session_key (version, secret, made_at) VALUES (1, $1, $2)
ON CONFLICT (is_only) DO UPDATE
SET version = session_key.version + 1, secret = excluded.secret, made_at = excluded.made_at;
