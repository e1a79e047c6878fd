-- The first key that signs sessions; another server may have made it just now. $1 secret, $2 now
INSERT INTO session_key (version, secret, made_at) VALUES (1, $1, $2) ON CONFLICT (is_only) DO NOTHING;
