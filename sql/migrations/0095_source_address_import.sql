-- What a server said of a file counts only while that file is what gave the source its state.
ALTER TABLE directory_source_address ADD COLUMN import_id uuid REFERENCES directory_import ON DELETE SET NULL;
CREATE INDEX directory_source_address_import ON directory_source_address (import_id);
