-- Whether nobody else archives or recounts now; then nobody does until the session says so.
SELECT pg_try_advisory_lock(7305644);
