-- What was sent to whom, how its copies are marked, and with which tokens outside clients read it.
CREATE TABLE delivery (
    enterprise_id uuid NOT NULL,
    -- That of the usage event that counts it, which the receipt names.
    id uuid NOT NULL,
    entitlement_id uuid NOT NULL,
    product_id uuid NOT NULL,
    revision integer NOT NULL,
    way text NOT NULL CONSTRAINT delivery_way_known CHECK (way IN ('download', 'delta_sharing', 'rows')),
    -- original, csv, csv.gz, jsonl, jsonl.gz, parquet, xlsx or json.
    format text NOT NULL,
    -- Of several files of an original, the one that was sent.
    file text,
    purpose text NOT NULL,
    files integer NOT NULL CONSTRAINT delivery_files_not_negative CHECK (files >= 0),
    rows bigint CONSTRAINT delivery_rows_not_negative CHECK (rows >= 0),
    bytes bigint NOT NULL CONSTRAINT delivery_bytes_not_negative CHECK (bytes >= 0),
    mark text,
    occurred_at timestamptz NOT NULL,
    PRIMARY KEY (enterprise_id, id)
);
CREATE INDEX delivery_by_entitlement ON delivery (enterprise_id, entitlement_id, occurred_at, id);

-- The mark that the copies of an entitlement carry, and the seed of the order of their rows.
CREATE TABLE entitlement_mark (
    enterprise_id uuid NOT NULL,
    entitlement_id uuid NOT NULL,
    mark text NOT NULL CONSTRAINT entitlement_mark_form CHECK (mark ~ '^[0-9a-f]{12}$'),
    seed bytea NOT NULL CONSTRAINT entitlement_mark_seed_length CHECK (octet_length(seed) = 16),
    made_at timestamptz NOT NULL,
    PRIMARY KEY (enterprise_id, entitlement_id)
);

-- A marked revision as one file, made when it is first asked for; the Parquet of Delta Sharing too.
CREATE TABLE entitlement_rendition (
    enterprise_id uuid NOT NULL,
    entitlement_id uuid NOT NULL,
    product_id uuid NOT NULL,
    number integer NOT NULL,
    format text NOT NULL CONSTRAINT entitlement_rendition_format_known CHECK
        (format IN ('csv', 'csv.gz', 'jsonl', 'jsonl.gz', 'parquet', 'xlsx')),
    sha256 bytea NOT NULL REFERENCES content,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (enterprise_id, entitlement_id, number, format)
);
CREATE INDEX entitlement_rendition_by_content ON entitlement_rendition (sha256);

-- A token with which an outside client reads what one entitlement allows; kept as its SHA-256.
CREATE TABLE sharing_credential (
    enterprise_id uuid NOT NULL,
    id uuid NOT NULL,
    entitlement_id uuid NOT NULL,
    token_sha256 bytea NOT NULL CONSTRAINT sharing_credential_token_length CHECK (octet_length(token_sha256) = 32),
    issued_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CONSTRAINT sharing_credential_expires_later CHECK (expires_at > issued_at),
    revoked_at timestamptz CONSTRAINT sharing_credential_revoked_later CHECK (revoked_at >= issued_at),
    PRIMARY KEY (enterprise_id, id)
);
CREATE INDEX sharing_credential_by_token ON sharing_credential (token_sha256);
CREATE INDEX sharing_credential_by_entitlement ON sharing_credential (enterprise_id, entitlement_id);

ALTER TABLE delivery ADD CONSTRAINT delivery_entitlement
    FOREIGN KEY (enterprise_id, entitlement_id) REFERENCES entitlement (enterprise_id, id);
ALTER TABLE entitlement_mark ADD CONSTRAINT entitlement_mark_entitlement
    FOREIGN KEY (enterprise_id, entitlement_id) REFERENCES entitlement (enterprise_id, id);
ALTER TABLE entitlement_rendition ADD CONSTRAINT entitlement_rendition_entitlement
    FOREIGN KEY (enterprise_id, entitlement_id) REFERENCES entitlement (enterprise_id, id);
ALTER TABLE sharing_credential ADD CONSTRAINT sharing_credential_entitlement
    FOREIGN KEY (enterprise_id, entitlement_id) REFERENCES entitlement (enterprise_id, id);
