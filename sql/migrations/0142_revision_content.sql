-- Content lies in files that are named by their SHA-256, outside the database. A revision is uploaded file by file, checked
-- against its contract, and kept beside as a table in parts of Parquet.
ALTER TABLE content ADD COLUMN sm3 bytea CONSTRAINT content_sm3_length CHECK (octet_length(sm3) = 32);

-- How copies are marked, so that a leaked one tells whose it was: not at all, by name and metadata, or by the order of rows too.
ALTER TABLE product ADD COLUMN watermark text NOT NULL DEFAULT 'none'
    CONSTRAINT product_watermark_known CHECK (watermark IN ('none', 'name', 'order'));

-- Columns that together name a row.
ALTER TABLE product_revision ADD COLUMN keys text[] NOT NULL DEFAULT '{}';

-- A revision on its way.
CREATE TABLE revision_upload (
    product_id uuid NOT NULL REFERENCES product,
    number integer NOT NULL CONSTRAINT revision_upload_counts_from_one CHECK (number >= 1),
    state text NOT NULL CONSTRAINT revision_upload_state_known CHECK
        (state IN ('receiving', 'checking', 'refused', 'published')),
    -- Columns, keys, entries and source, as the operator states them.
    contract jsonb NOT NULL,
    opened_by uuid NOT NULL REFERENCES party,
    opened_at timestamptz NOT NULL,
    submitted_at timestamptz,
    ended_at timestamptz,
    -- How many values break the contract, and the first of them.
    refusal jsonb,
    -- Which server is at it goes on saying so; when it stops, another takes over.
    taken_until timestamptz,
    PRIMARY KEY (product_id, number),
    CONSTRAINT revision_upload_submitted_to_be_checked CHECK (state = 'receiving' OR submitted_at IS NOT NULL),
    CONSTRAINT revision_upload_ended_with_its_state CHECK ((state IN ('refused', 'published')) = (ended_at IS NOT NULL)),
    CONSTRAINT revision_upload_refused_for_a_reason CHECK ((state = 'refused') = (refusal IS NOT NULL))
);
CREATE INDEX revision_upload_to_check ON revision_upload (submitted_at) WHERE state = 'checking';

-- The files of an upload that are whole, and of the revision when it is published.
CREATE TABLE revision_file (
    product_id uuid NOT NULL,
    number integer NOT NULL,
    name text NOT NULL CONSTRAINT revision_file_name_form CHECK (name ~ '^[^/\\[:cntrl:]]{1,200}$' AND name !~ '^\.'),
    media_type text NOT NULL,
    charset text,
    compression text CONSTRAINT revision_file_compression_known CHECK (compression IN ('gzip')),
    sha256 bytea NOT NULL REFERENCES content,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (product_id, number, name),
    CONSTRAINT revision_file_upload FOREIGN KEY (product_id, number) REFERENCES revision_upload
);
CREATE INDEX revision_file_by_content ON revision_file (sha256);

-- A published revision as a table. Schema: [{"name", "type", "nullable"}] in Spark's names of types. Changes: against the
-- revision before; null for the first.
CREATE TABLE revision_table (
    product_id uuid NOT NULL,
    number integer NOT NULL,
    schema jsonb NOT NULL,
    rows bigint NOT NULL CONSTRAINT revision_table_rows_not_negative CHECK (rows >= 0),
    changes jsonb,
    notes jsonb NOT NULL,
    -- Whether the changes from the revision before stand row by row in parts.
    has_change_data boolean NOT NULL,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (product_id, number),
    CONSTRAINT revision_table_revision FOREIGN KEY (product_id, number) REFERENCES product_revision
);

-- Parquet: the rows of a revision, or what changed since the one before. Statistics as Delta Lake has them.
CREATE TABLE revision_part (
    product_id uuid NOT NULL,
    number integer NOT NULL,
    kind text NOT NULL CONSTRAINT revision_part_kind_known CHECK (kind IN ('rows', 'changes')),
    place integer NOT NULL CONSTRAINT revision_part_counts_from_one CHECK (place >= 1),
    sha256 bytea NOT NULL REFERENCES content,
    rows bigint NOT NULL CONSTRAINT revision_part_rows_not_negative CHECK (rows >= 0),
    statistics jsonb,
    PRIMARY KEY (product_id, number, kind, place),
    CONSTRAINT revision_part_table FOREIGN KEY (product_id, number) REFERENCES revision_table
);
CREATE INDEX revision_part_by_content ON revision_part (sha256);
CREATE INDEX product_revision_by_content ON product_revision (sha256);

-- What could not be read as a table, so that it is not tried for ever.
CREATE TABLE revision_without_table (
    product_id uuid NOT NULL,
    number integer NOT NULL,
    reason jsonb NOT NULL,
    tried_at timestamptz NOT NULL,
    PRIMARY KEY (product_id, number),
    CONSTRAINT revision_without_table_revision FOREIGN KEY (product_id, number) REFERENCES product_revision
);

-- A revision as one file of another format, made when it is first asked for.
CREATE TABLE revision_rendition (
    product_id uuid NOT NULL,
    number integer NOT NULL,
    format text NOT NULL CONSTRAINT revision_rendition_format_known CHECK
        (format IN ('csv', 'csv.gz', 'jsonl', 'jsonl.gz', 'parquet', 'xlsx')),
    sha256 bytea NOT NULL REFERENCES content,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (product_id, number, format),
    CONSTRAINT revision_rendition_table FOREIGN KEY (product_id, number) REFERENCES revision_table
);
CREATE INDEX revision_rendition_by_content ON revision_rendition (sha256);
