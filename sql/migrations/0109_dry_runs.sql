-- What dry runs of imports found. They leave no import behind; who began one reads it here, by the id that the import had.
CREATE TABLE dry_run (
    id uuid PRIMARY KEY,
    party_id uuid NOT NULL REFERENCES party,
    -- Its code: a source that nothing but a dry run named is taken back with it.
    source text NOT NULL,
    file_name text NOT NULL,
    file_format text NOT NULL,
    rows integer NOT NULL CONSTRAINT dry_run_rows_not_negative CHECK (rows >= 0),
    started_at timestamptz NOT NULL,
    finished_at timestamptz NOT NULL,
    -- As it was answered; null when the file was refused as a whole.
    report json,
    refusal text,
    CONSTRAINT dry_run_reported_or_refused CHECK ((report IS NULL) <> (refusal IS NULL))
);
CREATE INDEX dry_run_party_id ON dry_run (party_id);
CREATE INDEX dry_run_finished_at ON dry_run (finished_at);
