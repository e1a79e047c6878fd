-- Ends an import that was read. $1 id, $2 state, $3 added, $4 changed, $5 unchanged, $6 withdrawn, $7 refused, $8 now
UPDATE directory_import
SET state = $2, added = $3, changed = $4, unchanged = $5, withdrawn = $6, refused = $7, finished_at = $8
WHERE id = $1 AND state = 'reading';
