-- Bodies that were renamed, merged or split, and the names that parties had.

-- From `effective_at` on (valid time; it never ends) others answer in a party's place, as we knew during `recorded`.
CREATE TABLE party_succession (
    id uuid PRIMARY KEY,
    predecessor_id uuid NOT NULL REFERENCES party,
    kind text NOT NULL CONSTRAINT party_succession_kind_known CHECK (kind IN ('renamed', 'merged', 'split')),
    effective_at timestamptz NOT NULL,
    recorded tstzrange NOT NULL CONSTRAINT party_succession_recorded_not_empty CHECK (NOT isempty(recorded)),
    recorded_by uuid NOT NULL REFERENCES party,
    basis text NOT NULL CONSTRAINT party_succession_has_basis CHECK (btrim(basis) <> ''),
    basis_sha256 bytea NOT NULL CONSTRAINT party_succession_basis_sha256_length CHECK (octet_length(basis_sha256) = 32),
    -- What was asked for, so that the same request again is recognised.
    digest bytea NOT NULL,
    CONSTRAINT party_succession_not_in_future CHECK (effective_at <= lower(recorded)),
    CONSTRAINT party_succession_one_at_a_time EXCLUDE USING gist (predecessor_id WITH =, recorded WITH &&)
);

-- Who takes what. A successor that names subjects takes those, one that names roles takes these roles, one that names
-- nothing takes the rest; the one that says most about a responsibility gets it.
CREATE TABLE party_successor (
    succession_id uuid NOT NULL REFERENCES party_succession,
    position integer NOT NULL,
    party_id uuid NOT NULL REFERENCES party,
    roles text[] CONSTRAINT party_successor_roles_not_empty CHECK (cardinality(roles) > 0),
    names_subjects boolean NOT NULL,
    PRIMARY KEY (succession_id, position)
);
CREATE INDEX party_successor_by_party ON party_successor (party_id);
CREATE TABLE party_successor_subject (
    succession_id uuid NOT NULL,
    position integer NOT NULL,
    subject_id uuid NOT NULL GENERATED ALWAYS AS (COALESCE(entry_id, product_id)) STORED,
    entry_id uuid REFERENCES directory_entry,
    product_id uuid REFERENCES product,
    PRIMARY KEY (succession_id, position, subject_id),
    FOREIGN KEY (succession_id, position) REFERENCES party_successor,
    CONSTRAINT party_successor_subject_is_one CHECK (num_nonnulls(entry_id, product_id) = 1)
);

-- Names with both time axes. A party whose name never changed has no row: its name is the one in `party`.
CREATE TABLE party_name (
    party_id uuid NOT NULL REFERENCES party,
    name text NOT NULL CONSTRAINT party_name_not_blank CHECK (btrim(name) <> ''),
    name_zh text,
    name_en text,
    valid tstzrange NOT NULL CONSTRAINT party_name_valid_not_empty CHECK (NOT isempty(valid)),
    recorded tstzrange NOT NULL CONSTRAINT party_name_recorded_not_empty CHECK (NOT isempty(recorded)),
    basis text NOT NULL CONSTRAINT party_name_has_basis CHECK (btrim(basis) <> ''),
    basis_sha256 bytea CONSTRAINT party_name_basis_sha256_length CHECK (octet_length(basis_sha256) = 32),
    PRIMARY KEY (party_id, valid, recorded),
    CONSTRAINT party_name_one_at_a_time EXCLUDE USING gist (party_id WITH =, valid WITH &&, recorded WITH &&)
);
