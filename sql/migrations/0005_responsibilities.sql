-- Who answers for which link, over which period, on what basis; on both time axes.
CREATE TABLE responsibility (
    id uuid PRIMARY KEY,
    party_id uuid NOT NULL REFERENCES party,
    role text NOT NULL CONSTRAINT responsibility_role_known CHECK
        (role IN ('source', 'provider', 'publisher', 'operator', 'seller', 'user', 'security', 'contact')),
    entry_id uuid REFERENCES directory_entry,
    product_id uuid REFERENCES product,
    subject_id uuid NOT NULL GENERATED ALWAYS AS (COALESCE(entry_id, product_id)) STORED,
    valid tstzrange NOT NULL CONSTRAINT responsibility_valid_not_empty CHECK (NOT isempty(valid)),
    recorded tstzrange NOT NULL CONSTRAINT responsibility_recorded_not_empty CHECK (NOT isempty(recorded)),
    basis text NOT NULL CONSTRAINT responsibility_has_basis CHECK (btrim(basis) <> ''),
    CONSTRAINT responsibility_has_one_subject CHECK (num_nonnulls(entry_id, product_id) = 1),
    CONSTRAINT responsibility_one_party_at_a_time EXCLUDE USING gist
        (subject_id WITH =, role WITH =, valid WITH &&, recorded WITH &&)
);
CREATE INDEX responsibility_by_party ON responsibility (party_id);
CREATE INDEX responsibility_by_subject ON responsibility (subject_id);
