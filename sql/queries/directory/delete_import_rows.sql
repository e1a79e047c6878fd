-- Clears the staging rows of an import. $1 import
DELETE FROM directory_import_row WHERE import_id = $1;
