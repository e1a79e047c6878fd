-- Clears the nodes that an import put aside. $1 import
DELETE FROM directory_import_node WHERE import_id = $1;
