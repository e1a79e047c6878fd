-- Leaves of the log in order: the hash in the tree, and what it stands for; null when that is gone.
-- $1 first position, $2 how many
SELECT node.hash, leaf.document, leaf.event_id::text
FROM log_node AS node LEFT JOIN log_leaf AS leaf ON leaf.position = node.position
WHERE node.level = 0 AND node.position >= $1 ORDER BY node.position LIMIT $2;
