-- The first subtree whose hash is not that of the two below it, and how many there are. No parameters.
SELECT count(*), min(node.level::text || ' ' || node.position) 
FROM log_node AS node
LEFT JOIN log_node AS "left" ON "left".level = node.level - 1 AND "left".position = 2 * node.position
LEFT JOIN log_node AS "right" ON "right".level = node.level - 1 AND "right".position = 2 * node.position + 1
WHERE node.level > 0 AND node.hash IS DISTINCT FROM sha256('\x01' || "left".hash || "right".hash);
