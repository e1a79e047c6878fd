-- Consent of the department that provided data by sharing to its authorised operation (NDRC Data 2025 No. 27, art. 5).
CREATE TABLE consent (
    id uuid PRIMARY KEY,
    entry_id uuid NOT NULL REFERENCES directory_entry,
    -- The department that provided the data by sharing, and has to answer.
    party_id uuid NOT NULL REFERENCES party,
    operator_id uuid NOT NULL REFERENCES party,
    -- Null: for every product of the operator.
    product_id uuid REFERENCES product,
    state text NOT NULL CONSTRAINT consent_state_known CHECK (state IN ('asked', 'given', 'refused')),
    asked_at timestamptz NOT NULL,
    reason text CONSTRAINT consent_reason_not_blank CHECK (btrim(reason) <> ''),
    valid daterange CONSTRAINT consent_valid_not_empty CHECK (NOT isempty(valid)),
    document text CONSTRAINT consent_document_not_blank CHECK (btrim(document) <> ''),
    document_sha256 bytea CONSTRAINT consent_document_sha256_length CHECK (octet_length(document_sha256) = 32),
    answered_at timestamptz CONSTRAINT consent_answered_later CHECK (answered_at >= asked_at),
    answered_by uuid REFERENCES party,
    CONSTRAINT consent_answer_has_time CHECK ((state = 'asked') = (answered_at IS NULL)),
    CONSTRAINT consent_answer_has_author CHECK ((answered_at IS NULL) = (answered_by IS NULL)),
    CONSTRAINT consent_given_has_period_and_document CHECK
        ((state = 'given') = (valid IS NOT NULL AND document IS NOT NULL AND document_sha256 IS NOT NULL)),
    CONSTRAINT consent_refused_has_reason CHECK (state <> 'refused' OR reason IS NOT NULL)
);
CREATE UNIQUE INDEX consent_asked_once ON consent (entry_id, party_id, operator_id, COALESCE(product_id, operator_id))
    WHERE state = 'asked';
CREATE INDEX consent_given ON consent (entry_id, party_id) WHERE state = 'given';
