-- Whether this session may bring the index up to date: one at a time, until the transaction ends.
SELECT pg_try_advisory_xact_lock(93, 1);
