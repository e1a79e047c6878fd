-- What the market can prove: the keys it signs with, the agreements it concluded, and its log, a Merkle tree over what
-- happened (RFC 6962, SHA-256) with signed heads. Constraints keep the log from being changed: a hash is that of what it
-- stands for, and whatever something else rests on can neither be altered nor deleted.

-- The public part of a key; the private part is in a file of the machine that signs.
CREATE TABLE signing_key (
    id text PRIMARY KEY,
    algorithm text NOT NULL CONSTRAINT signing_key_algorithm_known CHECK (algorithm IN ('SM2-SM3', 'Ed25519')),
    version integer NOT NULL CONSTRAINT signing_key_version_positive CHECK (version >= 1),
    -- SubjectPublicKeyInfo, DER.
    public_key bytea NOT NULL,
    valid tstzrange NOT NULL CONSTRAINT signing_key_valid_not_empty CHECK (NOT isempty(valid)),
    CONSTRAINT signing_key_id_is_its_hash CHECK (id = encode(sha256(public_key), 'hex')),
    CONSTRAINT signing_key_version_unique UNIQUE (algorithm, version),
    CONSTRAINT signing_key_one_at_a_time EXCLUDE USING gist (algorithm WITH =, valid WITH &&)
);

-- The agreement of a purchase: canonical JSON (RFC 8785) with the market's signatures inside.
CREATE TABLE agreement (
    enterprise_id uuid NOT NULL,
    purchase_id uuid NOT NULL,
    document bytea NOT NULL,
    sha256 bytea NOT NULL,
    -- Hashes of its parts: {"listing", "terms", "directory_entries": [{"code", "version", "sha256"}], "responsibility"}.
    parts jsonb NOT NULL,
    PRIMARY KEY (enterprise_id, purchase_id),
    CONSTRAINT agreement_hash_is_of_document CHECK (sha256 = sha256(document)),
    FOREIGN KEY (enterprise_id, purchase_id) REFERENCES purchase (enterprise_id, id)
);

-- The complete subtrees of the log: level 0 has the leaves, a node of level l at position p stands for the 2^l leaves from
-- p * 2^l on. What is not complete yet is computed from these.
CREATE TABLE log_node (
    level smallint NOT NULL CONSTRAINT log_node_level_in_range CHECK (level BETWEEN 0 AND 62),
    position bigint NOT NULL CONSTRAINT log_node_position_not_negative CHECK (position >= 0),
    hash bytea NOT NULL,
    left_hash bytea,
    right_hash bytea,
    level_below smallint GENERATED ALWAYS AS (level - 1) STORED,
    left_position bigint GENERATED ALWAYS AS (2 * position) STORED,
    right_position bigint GENERATED ALWAYS AS (2 * position + 1) STORED,
    PRIMARY KEY (level, position),
    CONSTRAINT log_node_target UNIQUE (level, position, hash),
    CONSTRAINT log_node_hash_is_of_both CHECK (CASE WHEN level = 0 THEN num_nonnulls(left_hash, right_hash) = 0
        ELSE hash = sha256('\x01' || left_hash || right_hash) AND num_nulls(left_hash, right_hash) = 0 END),
    CONSTRAINT log_node_left FOREIGN KEY (level_below, left_position, left_hash)
        REFERENCES log_node (level, position, hash),
    CONSTRAINT log_node_right FOREIGN KEY (level_below, right_position, right_hash)
        REFERENCES log_node (level, position, hash)
);

-- What a leaf stands for: the canonical JSON of one event.
CREATE TABLE log_leaf (
    enterprise_id uuid NOT NULL,
    event_id uuid NOT NULL,
    position bigint NOT NULL,
    level smallint GENERATED ALWAYS AS (0) STORED,
    hash bytea NOT NULL,
    document bytea NOT NULL,
    PRIMARY KEY (enterprise_id, event_id),
    CONSTRAINT log_leaf_target UNIQUE (enterprise_id, event_id, position),
    CONSTRAINT log_leaf_hash_is_of_document CHECK (hash = sha256('\x00' || document)),
    FOREIGN KEY (enterprise_id, event_id) REFERENCES market_event (enterprise_id, id),
    CONSTRAINT log_leaf_node FOREIGN KEY (level, position, hash) REFERENCES log_node (level, position, hash)
);
CREATE INDEX log_leaf_by_position ON log_leaf (position);
CREATE INDEX log_leaf_by_event ON log_leaf (event_id);
ALTER TABLE market_event ADD CONSTRAINT market_event_stands_in_log FOREIGN KEY (enterprise_id, id, position)
    REFERENCES log_leaf (enterprise_id, event_id, position);
CREATE INDEX market_event_of_purchase ON market_event (enterprise_id, purchase_id, id);

-- Heads: the root over the first `size` leaves, signed, each with the hash of the one before.
CREATE TABLE log_head (
    size bigint PRIMARY KEY CONSTRAINT log_head_size_positive CHECK (size > 0),
    root bytea NOT NULL,
    previous_size bigint CONSTRAINT log_head_follows_once UNIQUE,
    previous bytea,
    -- Canonical JSON with the market's signatures inside.
    document bytea NOT NULL,
    sha256 bytea NOT NULL,
    made_at timestamptz NOT NULL,
    CONSTRAINT log_head_grows CHECK (previous_size < size),
    CONSTRAINT log_head_hash_is_of_document CHECK (sha256 = sha256(document)),
    CONSTRAINT log_head_target UNIQUE (size, sha256),
    CONSTRAINT log_head_follows FOREIGN KEY (previous_size, previous) REFERENCES log_head (size, sha256) MATCH FULL
);
-- One first head.
CREATE UNIQUE INDEX log_head_one_first ON log_head ((true)) WHERE previous_size IS NULL;

-- Purchases from before events were written have receipts too; nobody is told of them again. The ids hold their time.
INSERT INTO market_event (enterprise_id, id, type, purchase_id, subject_id, occurred_at, told_at)
SELECT enterprise_id, (lpad(to_hex((extract(epoch FROM accepted_at) * 1000)::bigint), 12, '0') || '7'
        || substr(md5(id::text), 1, 3) || '8' || substr(md5(id::text), 4, 15))::uuid,
    'purchase.active', id, id, accepted_at, accepted_at
FROM purchase
WHERE accepted_at IS NOT NULL AND NOT EXISTS (SELECT FROM market_event AS event
    WHERE event.enterprise_id = purchase.enterprise_id AND event.purchase_id = purchase.id);
