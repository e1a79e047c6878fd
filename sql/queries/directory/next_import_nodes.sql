-- The next datasets of a large RDF file with the nodes that belong to them, two steps far: number, whether it begins a
-- dataset of this page, and the statements. Each node is looked up by its key (OFFSET 0 keeps the planner from joining):
-- how many links a node has is not known to it, and it would read the whole file for each page. $1 import, $2 number to start after, $3 how many datasets, $4 how many nodes
WITH page AS (
    SELECT number, key FROM directory_import_node AS node
    WHERE import_id = $1 AND is_dataset AND number > $2 AND NOT EXISTS (
        SELECT FROM directory_import_node AS earlier
        WHERE earlier.import_id = $1 AND earlier.key = node.key AND earlier.is_dataset
            AND earlier.number < node.number)
    ORDER BY number LIMIT $3
), near AS (
    SELECT DISTINCT unnest(node.links) AS key FROM page CROSS JOIN LATERAL (
        SELECT links FROM directory_import_node WHERE import_id = $1 AND key = page.key OFFSET 0) AS node
), far AS (
    SELECT DISTINCT unnest(node.links) AS key FROM near CROSS JOIN LATERAL (
        SELECT links FROM directory_import_node WHERE import_id = $1 AND key = near.key OFFSET 0) AS node
), wanted AS (
    SELECT key FROM page UNION SELECT key FROM near UNION SELECT key FROM far
)
SELECT node.number, page.number IS NOT NULL AS begins, node.body
FROM wanted CROSS JOIN LATERAL (
    SELECT number, body FROM directory_import_node WHERE import_id = $1 AND key = wanted.key OFFSET 0) AS node
LEFT JOIN page ON page.number = node.number
ORDER BY node.number LIMIT $4;
