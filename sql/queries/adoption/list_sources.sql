-- The sources of the directory.
SELECT id FROM directory_source ORDER BY id;
