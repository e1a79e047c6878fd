-- The newest head of the log; no row: nothing is recorded yet.
SELECT size, sha256, document FROM log_head ORDER BY size DESC LIMIT 1;
