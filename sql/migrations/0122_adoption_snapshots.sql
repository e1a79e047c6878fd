-- Figures of adoption as they were kept: each with its definition, parameters and result, signed. Nothing of it is changed.
CREATE TABLE adoption_snapshot (
    id uuid PRIMARY KEY,
    -- Canonical JSON with the market's signatures inside.
    document bytea NOT NULL,
    sha256 bytea NOT NULL,
    made_by uuid NOT NULL REFERENCES party,
    made_at timestamptz NOT NULL,
    -- The command that made it, and SHA-256 of its body: a repeat makes no second one.
    key text NOT NULL CONSTRAINT adoption_snapshot_key_length CHECK (length(key) BETWEEN 1 AND 200),
    command_digest bytea NOT NULL,
    CONSTRAINT adoption_snapshot_hash_is_of_document CHECK (sha256 = sha256(document)),
    CONSTRAINT adoption_snapshot_one_per_command UNIQUE (made_by, key)
);
