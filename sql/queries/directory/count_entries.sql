-- How many entries in force hold a text in their title. $1 text or null
SELECT count(*)
FROM directory_entry AS entry
JOIN entry_in_force ON entry_in_force.entry_id = entry.id
JOIN directory_entry_version AS version ON version.entry_id = entry.id AND version.number = entry_in_force.number
WHERE $1::text IS NULL OR version.title ILIKE '%' || $1 || '%' OR entry.code = $1;
