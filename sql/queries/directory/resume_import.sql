-- The import of a file that was begun and not ended, with how far it is; no row: there is none.
-- $1 source, $2 digest, $3 reader
SELECT id, read_to, problems, nodes, nodes_complete, node_place
FROM directory_import WHERE source_id = $1 AND digest = $2 AND reader = $3 AND state = 'reading';
