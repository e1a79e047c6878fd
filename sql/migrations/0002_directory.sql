-- The directory of public data: sources, entries, immutable versions, and when each version was in force.
CREATE TABLE directory_source (
    id uuid PRIMARY KEY,
    code text NOT NULL CONSTRAINT directory_source_code_unique UNIQUE
        CONSTRAINT directory_source_code_form CHECK (code ~ '^[A-Z0-9][A-Z0-9-]{0,39}$'),
    title text NOT NULL,
    recorded_at timestamptz NOT NULL
);

CREATE TABLE directory_import (
    id uuid PRIMARY KEY,
    source_id uuid NOT NULL REFERENCES directory_source,
    party_id uuid NOT NULL REFERENCES party,
    file_name text NOT NULL,
    file_format text NOT NULL,
    added integer NOT NULL,
    changed integer NOT NULL,
    unchanged integer NOT NULL,
    withdrawn integer NOT NULL,
    refused integer NOT NULL,
    finished_at timestamptz NOT NULL
);

-- What a file holds while an import compares it; empty outside a running import.
-- A row without a document is an entry that was refused: it must not look as if it had vanished.
CREATE TABLE directory_import_row (
    import_id uuid NOT NULL,
    position integer NOT NULL,
    identifier text NOT NULL,
    document jsonb,
    PRIMARY KEY (import_id, position),
    CONSTRAINT directory_import_row_identifier_unique UNIQUE (import_id, identifier)
);

CREATE TABLE directory_import_problem (
    import_id uuid NOT NULL REFERENCES directory_import,
    number integer NOT NULL,
    position integer NOT NULL,
    line integer,
    identifier text,
    severity text NOT NULL CONSTRAINT directory_import_problem_severity_known CHECK (severity IN ('refused', 'noted')),
    reason text NOT NULL,
    field text,
    message text NOT NULL,
    PRIMARY KEY (import_id, number)
);

CREATE TABLE directory_entry (
    id uuid PRIMARY KEY,
    code text NOT NULL CONSTRAINT directory_entry_code_unique UNIQUE,
    source_id uuid NOT NULL REFERENCES directory_source,
    identifier text NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT directory_entry_identifier_unique UNIQUE (source_id, identifier)
);

CREATE TABLE directory_entry_version (
    entry_id uuid NOT NULL REFERENCES directory_entry,
    number integer NOT NULL CONSTRAINT directory_entry_version_counts_from_one CHECK (number >= 1),
    title text NOT NULL CONSTRAINT directory_entry_version_has_title CHECK (btrim(title) <> ''),
    document jsonb NOT NULL,
    digest bytea NOT NULL,
    import_id uuid NOT NULL REFERENCES directory_import DEFERRABLE INITIALLY DEFERRED,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (entry_id, number)
);
CREATE INDEX directory_entry_version_title_trigrams ON directory_entry_version USING gin (title gin_trgm_ops);

-- Two time axes: `valid` says when a version was in force, `recorded` says from when until when we believed so.
CREATE TABLE directory_entry_validity (
    entry_id uuid NOT NULL,
    number integer NOT NULL,
    valid tstzrange NOT NULL CONSTRAINT directory_entry_validity_valid_not_empty CHECK (NOT isempty(valid)),
    recorded tstzrange NOT NULL CONSTRAINT directory_entry_validity_recorded_not_empty CHECK (NOT isempty(recorded)),
    PRIMARY KEY (entry_id, number, valid, recorded),
    FOREIGN KEY (entry_id, number) REFERENCES directory_entry_version,
    CONSTRAINT directory_entry_one_version_in_force EXCLUDE USING gist
        (entry_id WITH =, valid WITH &&, recorded WITH &&)
);
CREATE INDEX directory_entry_validity_current ON directory_entry_validity (entry_id)
    WHERE upper_inf(valid) AND upper_inf(recorded);
