-- The head of a size; no row: there is none. $1 size
SELECT size, sha256, document FROM log_head WHERE size = $1;
