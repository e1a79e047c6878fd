-- Takes the entries of a file into the staging table.
COPY directory_import_row (import_id, position, identifier, document) FROM STDIN;
