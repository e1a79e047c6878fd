-- Takes nodes of RDF that are put aside until the file is read.
COPY directory_import_node (import_id, number, key, is_dataset, links, body) FROM STDIN;
