-- Keeps successions and their corrections waiting until the transaction ends, and waits for those under way.
SELECT pg_advisory_xact_lock_shared(5182379403);
