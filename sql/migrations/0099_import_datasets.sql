-- The datasets among the nodes of a file, page by page.
CREATE INDEX directory_import_node_datasets ON directory_import_node (import_id, number) WHERE is_dataset;
