-- A revision as a table for outside clients, as JSON; no row: it is none. $1 product, $2 revision, $3 rows or changes
SELECT document::text FROM shared_table($1, $2, $3);
