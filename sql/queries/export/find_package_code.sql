-- The code of the entry in force that a CKAN name or id means; no row: none. $1 name or id
SELECT entry.code
FROM directory_entry AS entry JOIN entry_in_force ON entry_in_force.entry_id = entry.id
WHERE entry.code = upper($1) OR entry.id = CASE WHEN $1 ~ '^[0-9a-fA-F-]{36}$' THEN $1::uuid END;
