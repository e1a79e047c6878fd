-- Ends the claim of this session on a source. $1 source's code
SELECT pg_advisory_unlock(hashtextextended('directory import of ' || $1::text, 0));
