-- Imports that are read batch by batch: each is on record from its beginning, so that its progress can be seen and the
-- same file goes on where a killed import stood.
ALTER TABLE directory_import
    ADD COLUMN state text NOT NULL DEFAULT 'landed' CONSTRAINT directory_import_state_known CHECK
        (state IN ('reading', 'landed', 'unchanged', 'refused')),
    ADD COLUMN started_at timestamptz,
    ADD COLUMN dry_run boolean NOT NULL DEFAULT false,
    -- SHA-256 of the file as it came, and the version of the program's readers: equal ones give equal entries.
    ADD COLUMN digest bytea,
    ADD COLUMN reader integer NOT NULL DEFAULT 0,
    -- How far it is: position of the last entry that is staged, problems written, nodes of RDF put aside.
    ADD COLUMN read_to integer NOT NULL DEFAULT 0,
    ADD COLUMN problems integer NOT NULL DEFAULT 0,
    ADD COLUMN nodes integer NOT NULL DEFAULT 0,
    ADD COLUMN nodes_complete boolean NOT NULL DEFAULT false,
    ADD COLUMN node_place integer NOT NULL DEFAULT 0,
    -- Why the file was refused as a whole.
    ADD COLUMN refusal text,
    ALTER COLUMN finished_at DROP NOT NULL,
    ADD CONSTRAINT directory_import_finished_has_time CHECK ((state = 'reading') = (finished_at IS NULL)),
    ADD CONSTRAINT directory_import_refused_has_reason CHECK ((state = 'refused') = (refusal IS NOT NULL));
UPDATE directory_import SET started_at = finished_at;
ALTER TABLE directory_import ALTER COLUMN started_at SET NOT NULL;
CREATE UNIQUE INDEX directory_import_one_reading_per_source ON directory_import (source_id) WHERE state = 'reading';
CREATE INDEX directory_import_by_source ON directory_import (source_id, finished_at);

-- What a version of an entry is compared by. IMMUTABLE holds because the database is UTF-8.
CREATE FUNCTION document_digest(document jsonb) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN sha256(convert_to(document::text, 'UTF8'));

ALTER TABLE directory_import_row
    DROP CONSTRAINT directory_import_row_identifier_unique,
    ADD COLUMN digest bytea GENERATED ALWAYS AS (document_digest(document)) STORED;
CREATE INDEX directory_import_row_by_identifier ON directory_import_row (import_id, identifier);

-- Nodes of a large RDF file while it is read: the statements of a dataset may lie far apart.
CREATE TABLE directory_import_node (
    import_id uuid NOT NULL,
    number integer NOT NULL,
    key uuid NOT NULL,
    is_dataset boolean NOT NULL,
    links uuid[] NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (import_id, number)
);
CREATE INDEX directory_import_node_by_key ON directory_import_node (import_id, key);

-- What an entry that was refused as a duplicate repeats: an identifier of the file, or the code of a directory entry.
ALTER TABLE directory_import_problem ADD COLUMN duplicate_of text;
CREATE INDEX directory_import_problem_by_position ON directory_import_problem (import_id, position);

-- Duplicates across sources are looked for by identifier and by content.
CREATE INDEX directory_entry_by_identifier ON directory_entry (identifier);
CREATE INDEX directory_entry_version_by_digest ON directory_entry_version (digest);

-- Addresses that sources are fetched from, with what the server said of the last file that landed.
CREATE TABLE directory_source_address (
    source_id uuid NOT NULL REFERENCES directory_source,
    url text NOT NULL,
    etag text,
    last_modified text,
    checked_at timestamptz NOT NULL,
    PRIMARY KEY (source_id, url)
);
