-- Keeps other successions and imports waiting until the transaction ends.
SELECT pg_advisory_xact_lock(5182379403);
