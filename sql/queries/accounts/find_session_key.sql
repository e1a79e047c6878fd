-- The key that signs sessions; no row: none was needed yet.
SELECT version, secret FROM session_key;
