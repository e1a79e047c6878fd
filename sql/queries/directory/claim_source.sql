-- Whether this session may import the source now; the claim lasts until it is released or the session ends.
-- $1 source's code
SELECT pg_try_advisory_lock(hashtextextended('directory import of ' || $1::text, 0));
