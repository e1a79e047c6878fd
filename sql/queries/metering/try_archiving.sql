-- Whether nobody else archives or recounts now; then nobody does until the session says so. $1 the lock of both
SELECT pg_try_advisory_lock($1::bigint);
