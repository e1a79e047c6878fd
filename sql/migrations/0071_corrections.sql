-- Corrections (校核): an enterprise doubts what it bought; the party responsible for the link checks and answers.
CREATE TABLE correction (
    enterprise_id uuid NOT NULL REFERENCES party,
    id uuid NOT NULL,
    purchase_id uuid NOT NULL,
    product_id uuid NOT NULL,
    revision integer NOT NULL,
    kind text NOT NULL CONSTRAINT correction_kind_known CHECK
        (kind IN ('wrong_value', 'missing_row', 'outdated', 'wrong_description', 'duplicate_row', 'wrong_unit', 'delivery')),
    field text,
    row_key text,
    description text NOT NULL CONSTRAINT correction_has_description CHECK (btrim(description) <> ''),
    evidence text,
    -- The link of the chain it is about, and the party that answers for it and has to act.
    link text NOT NULL CONSTRAINT correction_link_known CHECK (link IN ('source', 'publication', 'processing', 'delivery')),
    entry_id uuid REFERENCES directory_entry,
    party_id uuid NOT NULL REFERENCES party,
    state text NOT NULL CONSTRAINT correction_state_known CHECK
        (state IN ('raised', 'returned', 'checking', 'extended', 'corrected', 'confirmed_correct', 'fed_back')),
    raised_at timestamptz NOT NULL,
    -- When it was returned for completion, which may happen once.
    returned_at timestamptz,
    fed_back_at timestamptz,
    answers integer NOT NULL DEFAULT 0,
    steps integer NOT NULL DEFAULT 1,
    -- The directory entry version or the product revision that put it right.
    fixed_entry_version integer,
    fixed_revision integer,
    PRIMARY KEY (enterprise_id, id),
    FOREIGN KEY (product_id, revision) REFERENCES product_revision,
    FOREIGN KEY (product_id, fixed_revision) REFERENCES product_revision,
    FOREIGN KEY (entry_id, fixed_entry_version) REFERENCES directory_entry_version,
    CONSTRAINT correction_fed_back_has_time CHECK ((state = 'fed_back') = (fed_back_at IS NOT NULL)),
    CONSTRAINT correction_returned_has_time CHECK (state <> 'returned' OR returned_at IS NOT NULL),
    CONSTRAINT correction_answered_has_answer CHECK
        (state NOT IN ('corrected', 'confirmed_correct', 'fed_back') OR answers > 0),
    CONSTRAINT correction_of_entry_links_to_entry CHECK
        ((link IN ('source', 'publication')) = (entry_id IS NOT NULL))
);
CREATE INDEX correction_by_party ON correction (party_id, id);
CREATE INDEX correction_by_product ON correction (product_id, id);

-- Everything that was done, in order; an answer has a number of its own, and every answer is kept.
CREATE TABLE correction_step (
    enterprise_id uuid NOT NULL,
    correction_id uuid NOT NULL,
    number integer NOT NULL,
    step text NOT NULL CONSTRAINT correction_step_known CHECK (step IN ('raise', 'check', 'return', 'complete', 'pass_on',
        'extend', 'correct', 'confirm_correct', 'feed_back')),
    party_id uuid NOT NULL REFERENCES party,
    answer integer,
    text text NOT NULL CONSTRAINT correction_step_has_text CHECK (btrim(text) <> ''),
    -- Why an administration acts for a party that has no account.
    basis text,
    fixed_entry_version integer,
    fixed_revision integer,
    taken_at timestamptz NOT NULL,
    PRIMARY KEY (enterprise_id, correction_id, number),
    CONSTRAINT correction_step_answers_are_numbered CHECK
        ((step IN ('correct', 'confirm_correct')) = (answer IS NOT NULL))
);
ALTER TABLE command_key ADD COLUMN correction_id uuid;
-- A correction shows its due date, also when the duty has ended.
CREATE INDEX deadline_by_subject ON deadline (subject_kind, subject_id);
