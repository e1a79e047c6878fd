-- The commands that imported a panel, each with its answer: a repeat is answered as the first was.
CREATE TABLE panel_import (
    party_id uuid NOT NULL REFERENCES party,
    key text NOT NULL CONSTRAINT panel_import_key_length CHECK (length(key) BETWEEN 1 AND 200),
    -- SHA-256 of what was sent.
    command_digest bytea NOT NULL CONSTRAINT panel_import_digest_length CHECK (octet_length(command_digest) = 32),
    answer json NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (party_id, key)
);
