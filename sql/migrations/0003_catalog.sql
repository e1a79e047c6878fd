-- Products, their published revisions with content, where each revision comes from, and offers.
CREATE TABLE content (
    sha256 bytea PRIMARY KEY CONSTRAINT content_sha256_length CHECK (octet_length(sha256) = 32),
    bytes bigint NOT NULL CONSTRAINT content_bytes_not_negative CHECK (bytes >= 0),
    recorded_at timestamptz NOT NULL
);
-- Chunks of 256 KiB, so that a download streams and no statement holds a whole file.
CREATE TABLE content_chunk (
    sha256 bytea NOT NULL REFERENCES content,
    number integer NOT NULL,
    bytes bytea NOT NULL,
    PRIMARY KEY (sha256, number)
);
ALTER TABLE content_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE product (
    id uuid PRIMARY KEY,
    code text NOT NULL CONSTRAINT product_code_unique UNIQUE
        CONSTRAINT product_code_form CHECK (code ~ '^[A-Z0-9][A-Z0-9-]{1,39}$'),
    title_zh text NOT NULL,
    title_en text NOT NULL,
    description_zh text NOT NULL,
    description_en text NOT NULL,
    kind text NOT NULL CONSTRAINT product_kind_known CHECK
        (kind IN ('data_set', 'report', 'visual_product', 'index', 'api', 'encrypted_data')),
    use_class text NOT NULL CONSTRAINT product_use_class_known CHECK (use_class IN ('public_benefit', 'industry')),
    listed_at timestamptz NOT NULL,
    delisted_at timestamptz CONSTRAINT product_delisted_after_listed CHECK (delisted_at >= listed_at),
    CONSTRAINT product_use_class_target UNIQUE (id, use_class)
);
CREATE INDEX product_title_trigrams ON product USING gin ((title_zh || ' ' || title_en) gin_trgm_ops);

CREATE TABLE product_revision (
    product_id uuid NOT NULL REFERENCES product,
    number integer NOT NULL CONSTRAINT product_revision_counts_from_one CHECK (number >= 1),
    file_name text NOT NULL,
    media_type text NOT NULL,
    sha256 bytea NOT NULL REFERENCES content,
    rows bigint NOT NULL,
    columns jsonb NOT NULL,
    -- Where the content itself was taken from: title, address, commit, licence.
    source jsonb NOT NULL,
    published_at timestamptz NOT NULL,
    PRIMARY KEY (product_id, number)
);

-- What a revision was made of: exact versions of directory entries, never just an entry.
CREATE TABLE product_revision_source (
    product_id uuid NOT NULL,
    number integer NOT NULL,
    entry_id uuid NOT NULL,
    entry_version integer NOT NULL,
    basis text NOT NULL,
    PRIMARY KEY (product_id, number, entry_id),
    FOREIGN KEY (product_id, number) REFERENCES product_revision,
    FOREIGN KEY (entry_id, entry_version) REFERENCES directory_entry_version
);
CREATE INDEX product_revision_source_by_entry ON product_revision_source (entry_id, entry_version);

-- An offer is never edited, only withdrawn and replaced.
CREATE TABLE offer (
    id uuid PRIMARY KEY,
    code text NOT NULL CONSTRAINT offer_code_unique UNIQUE,
    product_id uuid NOT NULL,
    use_class text NOT NULL,
    title_zh text NOT NULL,
    title_en text NOT NULL,
    kind text NOT NULL CONSTRAINT offer_kind_known CHECK (kind IN ('free', 'one_off')),
    price_minor bigint NOT NULL CONSTRAINT offer_price_not_negative CHECK (price_minor >= 0),
    currency text NOT NULL CONSTRAINT offer_currency_form CHECK (currency ~ '^[A-Z]{3}$'),
    purposes text[] NOT NULL CONSTRAINT offer_allows_a_purpose CHECK (cardinality(purposes) > 0),
    term_days integer NOT NULL CONSTRAINT offer_term_positive CHECK (term_days > 0),
    -- A private offer: only this enterprise sees it and can accept it.
    reserved_for uuid REFERENCES party,
    offered_at timestamptz NOT NULL,
    withdrawn_at timestamptz CONSTRAINT offer_withdrawn_after_offered CHECK (withdrawn_at >= offered_at),
    CONSTRAINT offer_free_costs_nothing CHECK ((kind = 'free') = (price_minor = 0)),
    CONSTRAINT offer_public_benefit_is_free CHECK (use_class <> 'public_benefit' OR kind = 'free'),
    CONSTRAINT offer_has_use_class_of_product FOREIGN KEY (product_id, use_class) REFERENCES product (id, use_class)
);
CREATE INDEX offer_by_product ON offer (product_id);
