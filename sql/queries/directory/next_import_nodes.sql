-- The next datasets of a large RDF file with the nodes that belong to them, two steps far: number, whether it begins a
-- dataset of this page, and the statements. $1 import, $2 number to start after, $3 how many datasets, $4 how many nodes
WITH page AS (
    SELECT number, key FROM directory_import_node AS node
    WHERE import_id = $1 AND is_dataset AND number > $2 AND NOT EXISTS (
        SELECT FROM directory_import_node AS earlier
        WHERE earlier.import_id = $1 AND earlier.key = node.key AND earlier.is_dataset
            AND earlier.number < node.number)
    ORDER BY number LIMIT $3
), near AS (
    SELECT DISTINCT unnest(node.links) AS key FROM page
    JOIN directory_import_node AS node ON node.import_id = $1 AND node.key = page.key
), far AS (
    SELECT DISTINCT unnest(node.links) AS key FROM near
    JOIN directory_import_node AS node ON node.import_id = $1 AND node.key = near.key
), wanted AS (
    SELECT key FROM page UNION SELECT key FROM near UNION SELECT key FROM far
)
SELECT node.number, page.number IS NOT NULL AS begins, node.body
FROM wanted
JOIN directory_import_node AS node ON node.import_id = $1 AND node.key = wanted.key
LEFT JOIN page ON page.number = node.number
ORDER BY node.number LIMIT $4;
