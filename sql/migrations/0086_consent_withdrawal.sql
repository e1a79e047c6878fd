-- A department can withdraw a consent that it gave; what was given, with its period and document, stays on record.
ALTER TABLE consent ADD COLUMN withdrawn_at timestamptz;
ALTER TABLE consent ADD COLUMN withdrawn_by uuid REFERENCES party;
ALTER TABLE consent ADD COLUMN withdrawal_reason text
    CONSTRAINT consent_withdrawal_reason_not_blank CHECK (btrim(withdrawal_reason) <> '');
ALTER TABLE consent DROP CONSTRAINT consent_state_known;
ALTER TABLE consent ADD CONSTRAINT consent_state_known CHECK (state IN ('asked', 'given', 'refused', 'withdrawn'));
ALTER TABLE consent DROP CONSTRAINT consent_given_has_period_and_document;
ALTER TABLE consent ADD CONSTRAINT consent_given_has_period_and_document CHECK
    ((state IN ('given', 'withdrawn')) = (valid IS NOT NULL AND document IS NOT NULL AND document_sha256 IS NOT NULL));
ALTER TABLE consent ADD CONSTRAINT consent_withdrawal_has_time_author_and_reason CHECK
    (CASE WHEN state = 'withdrawn' THEN num_nulls(withdrawn_at, withdrawn_by, withdrawal_reason) = 0
          ELSE num_nonnulls(withdrawn_at, withdrawn_by, withdrawal_reason) = 0 END);
ALTER TABLE consent ADD CONSTRAINT consent_withdrawn_later CHECK (withdrawn_at >= answered_at);
