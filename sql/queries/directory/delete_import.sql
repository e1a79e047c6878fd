-- Takes back an import that only tried what a file would change. $1 import
WITH problems AS (
    DELETE FROM directory_import_problem WHERE import_id = $1
)
DELETE FROM directory_import WHERE id = $1 AND state = 'reading';
