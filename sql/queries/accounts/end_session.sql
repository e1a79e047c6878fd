-- Ends a session before its time, and forgets those whose time has come. $1 session, $2 its end, $3 now
WITH forgotten AS (DELETE FROM ended_session WHERE ends_at <= $3)
INSERT INTO ended_session (id, ends_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING;
