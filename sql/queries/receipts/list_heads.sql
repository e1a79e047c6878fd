-- Heads over more than one number of leaves and at most another, oldest first. $1 above, $2 up to
SELECT size, root, previous_size, previous, sha256, document FROM log_head WHERE size > $1 AND size <= $2 ORDER BY size;
