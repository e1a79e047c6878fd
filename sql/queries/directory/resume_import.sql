-- Goes on with the import of a file that was begun and not ended, for what it is done now: how far it is; no row: there
-- is none. $1 source, $2 digest, $3 reader, $4 dry run
UPDATE directory_import SET dry_run = $4
WHERE source_id = $1 AND digest = $2 AND reader = $3 AND state = 'reading'
RETURNING id, read_to, problems, nodes, nodes_complete, node_place;
