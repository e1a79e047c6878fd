-- Consents end: a department withdraws one, or its period runs out. What depends on it cannot be bought from then on.
ALTER TABLE consent ADD COLUMN withdrawn_at timestamptz;
ALTER TABLE consent ADD COLUMN withdrawn_by uuid REFERENCES party;
ALTER TABLE consent ADD COLUMN withdrawal_reason text
    CONSTRAINT consent_withdrawal_reason_not_blank CHECK (btrim(withdrawal_reason) <> '');
ALTER TABLE consent DROP CONSTRAINT consent_state_known;
ALTER TABLE consent ADD CONSTRAINT consent_state_known CHECK (state IN ('asked', 'given', 'refused', 'withdrawn'));
ALTER TABLE consent DROP CONSTRAINT consent_given_has_period_and_document;
ALTER TABLE consent ADD CONSTRAINT consent_given_has_period_and_document CHECK
    ((state IN ('given', 'withdrawn')) = (valid IS NOT NULL AND document IS NOT NULL AND document_sha256 IS NOT NULL));
ALTER TABLE consent ADD CONSTRAINT consent_withdrawn_has_time CHECK ((state = 'withdrawn') = (withdrawn_at IS NOT NULL));
ALTER TABLE consent ADD CONSTRAINT consent_withdrawn_has_author_and_reason CHECK
    ((withdrawn_at IS NULL) = (withdrawn_by IS NULL) AND (withdrawn_at IS NULL) = (withdrawal_reason IS NULL));
ALTER TABLE consent ADD CONSTRAINT consent_withdrawn_after_answer CHECK (withdrawn_at >= answered_at);
-- A withdrawn consent still answers for the time before.
DROP INDEX consent_given;
CREATE INDEX consent_given ON consent (entry_id, party_id) WHERE state IN ('given', 'withdrawn');

ALTER TABLE product_suspension DROP CONSTRAINT product_suspension_cause_known;
ALTER TABLE product_suspension ADD CONSTRAINT product_suspension_cause_known CHECK
    (cause IN ('upstream', 'credential', 'condition', 'responsibility', 'consent', 'officer'));

-- Every purchase asks which department a version's data came from: it must not unpack the whole document for that.
ALTER TABLE directory_entry_version ADD COLUMN received_from text GENERATED ALWAYS AS (document->>'receivedFrom') STORED;

INSERT INTO policy (rule, effective, title_zh, title_en, days, unit, extension_days, article, source, verified) VALUES
('consent_renewal', '[2025-03-01,)', '续期同意', 'Renewal of a consent within the days before it ends', 60, 'day', NULL,
    NULL, 'The market''s own rule, as for registrations', true);
