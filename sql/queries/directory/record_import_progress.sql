-- How far an import is. $1 import, $2 last position, $3 problems, $4 nodes, $5 whether all nodes are put aside,
-- $6 number of the last dataset's node, $7 format
UPDATE directory_import
SET read_to = $2, problems = $3, nodes = $4, nodes_complete = $5, node_place = $6, file_format = $7
WHERE id = $1 AND state = 'reading';
