-- What was open and went to a successor with a succession, beside the responsibilities: who had it, so that a succession that was
-- recorded wrongly gives it back.
CREATE TABLE handed_duty (
    succession_id uuid NOT NULL REFERENCES party_succession,
    kind text NOT NULL CONSTRAINT handed_duty_kind_known CHECK (kind IN ('correction', 'purchase_decision', 'deadline',
        'draft',
        'consent_provider', 'consent_operator', 'credential_holder', 'credential_issuer')),
    subject_id uuid NOT NULL,
    from_id uuid NOT NULL REFERENCES party,
    to_id uuid NOT NULL REFERENCES party,
    handed_at timestamptz NOT NULL,
    taken_back_at timestamptz,
    PRIMARY KEY (succession_id, kind, subject_id)
);
CREATE INDEX handed_duty_from ON handed_duty (from_id);
CREATE INDEX handed_duty_to ON handed_duty (to_id);
CREATE INDEX consent_by_party ON consent (party_id);
CREATE INDEX consent_by_operator ON consent (operator_id);
CREATE INDEX credential_by_holder ON credential (holder_id);
CREATE INDEX credential_by_issuer ON credential (issuer_id);
