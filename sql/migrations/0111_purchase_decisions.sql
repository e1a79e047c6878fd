-- Requests to buy: what the buyer states, who decides on them, and what commands moved a purchase.

-- A UUID of version 7 for a moment (RFC 9562); those of one statement keep the order of their places (0 to 4095).
CREATE FUNCTION uuid7(moment timestamptz, place integer) RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE
RETURN (lpad(to_hex(floor(extract(epoch FROM moment) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(place), 3, '0')
    || substr(replace(gen_random_uuid()::text, '-', ''), 17))::uuid;

-- How long the buyer keeps the data at most, and the qualifications it states.
ALTER TABLE purchase ADD COLUMN retention_days integer CONSTRAINT purchase_retention_positive CHECK (retention_days > 0);
ALTER TABLE purchase ADD COLUMN qualifications text[] CONSTRAINT purchase_qualifications_not_empty CHECK
    (cardinality(qualifications) > 0);
-- How many decisions on the request are still open.
ALTER TABLE purchase ADD COLUMN awaited integer NOT NULL DEFAULT 0 CONSTRAINT purchase_awaited_not_negative CHECK (awaited >= 0);
ALTER TABLE purchase ADD CONSTRAINT purchase_requested_awaits CHECK ((state = 'requested') = (awaited > 0));
-- Whether it holds one of the places of a limited offer.
ALTER TABLE purchase ADD COLUMN holds_place boolean NOT NULL DEFAULT false;
ALTER TABLE purchase ADD CONSTRAINT purchase_refused_holds_no_place CHECK (state <> 'rejected' OR NOT holds_place);
CREATE INDEX purchase_by_product ON purchase (product_id, id);
CREATE INDEX purchase_waiting ON purchase (state, (lower(wanted))) WHERE state IN ('requested', 'returned', 'approved', 'agreed');
CREATE INDEX entitlement_by_end ON entitlement (upper(valid)) WHERE ended_at IS NULL;
-- When and why the buyer cancelled to a day to come, on which the purchase ends.
ALTER TABLE purchase ADD COLUMN cancelled_at timestamptz;
ALTER TABLE purchase ADD COLUMN cancellation_reason text CONSTRAINT purchase_cancellation_reason_not_blank CHECK
    (btrim(cancellation_reason) <> '');
ALTER TABLE purchase ADD CONSTRAINT purchase_cancellation_is_whole CHECK
    ((cancelled_at IS NULL) = (cancellation_reason IS NULL));
CREATE INDEX purchase_cancelled ON purchase (enterprise_id, id) WHERE state = 'active' AND cancelled_at IS NOT NULL;

-- What is approved by rule and begins later is agreed in its first transition.
ALTER TABLE purchase_transition DROP CONSTRAINT purchase_transition_allowed;
ALTER TABLE purchase_transition ADD CONSTRAINT purchase_transition_allowed CHECK (CASE COALESCE(from_state, 'none')
    WHEN 'none' THEN to_state IN ('requested', 'agreed', 'active')
    WHEN 'requested' THEN to_state IN ('returned', 'approved', 'rejected', 'ended')
    WHEN 'returned' THEN to_state IN ('requested', 'ended')
    WHEN 'approved' THEN to_state IN ('agreed', 'rejected', 'ended')
    WHEN 'agreed' THEN to_state IN ('active', 'ended')
    WHEN 'active' THEN to_state = 'ended'
    ELSE false END);
-- A request comes back once.
CREATE UNIQUE INDEX purchase_transition_returned_once ON purchase_transition (enterprise_id, purchase_id)
    WHERE to_state = 'returned';
-- The document that a termination rests on.
ALTER TABLE purchase_transition ADD COLUMN document text CONSTRAINT purchase_transition_document_not_blank CHECK
    (btrim(document) <> '');

-- Each decision that a request needs, by each who decides; a request that was completed is decided on anew.
CREATE TABLE purchase_decision (
    enterprise_id uuid NOT NULL,
    purchase_id uuid NOT NULL,
    round integer NOT NULL CONSTRAINT purchase_decision_round_known CHECK (round IN (1, 2)),
    party_id uuid NOT NULL REFERENCES party,
    -- Of this decision: what the duty to decide is about.
    id uuid NOT NULL,
    role text NOT NULL CONSTRAINT purchase_decision_role_known CHECK (role IN ('operator', 'provider')),
    decision text CONSTRAINT purchase_decision_known CHECK (decision IN ('approve', 'reject', 'return')),
    reason text CONSTRAINT purchase_decision_reason_not_blank CHECK (btrim(reason) <> ''),
    -- Who recorded it: the party, or the administration for one without an account, on a basis.
    decided_by uuid REFERENCES party,
    basis text CONSTRAINT purchase_decision_basis_not_blank CHECK (btrim(basis) <> ''),
    decided_at timestamptz,
    PRIMARY KEY (enterprise_id, purchase_id, round, party_id),
    CONSTRAINT purchase_decision_is_whole CHECK (num_nonnulls(decision, reason, decided_by, decided_at) IN (0, 4)),
    CONSTRAINT purchase_decision_for_another_has_basis CHECK (decided_by = party_id OR basis IS NOT NULL)
);
CREATE INDEX purchase_decision_by_party ON purchase_decision (party_id, purchase_id);
CREATE INDEX purchase_decision_open ON purchase_decision (party_id, purchase_id) WHERE decision IS NULL;
ALTER TABLE purchase_decision ADD CONSTRAINT purchase_decision_purchase
    FOREIGN KEY (enterprise_id, purchase_id) REFERENCES purchase (enterprise_id, id);

-- Commands on a purchase that was made: the same key of the same party on the same purchase is the same command.
CREATE TABLE purchase_command (
    enterprise_id uuid NOT NULL,
    purchase_id uuid NOT NULL,
    party_id uuid NOT NULL REFERENCES party,
    key text NOT NULL CONSTRAINT purchase_command_key_length CHECK (length(key) BETWEEN 1 AND 200),
    -- SHA-256 of the command's name and the request's body.
    digest bytea NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (enterprise_id, purchase_id, party_id, key)
);
ALTER TABLE purchase_command ADD CONSTRAINT purchase_command_purchase
    FOREIGN KEY (enterprise_id, purchase_id) REFERENCES purchase (enterprise_id, id);

ALTER TABLE deadline DROP CONSTRAINT deadline_subject_known;
ALTER TABLE deadline ADD CONSTRAINT deadline_subject_known CHECK (subject_kind IN ('directory_draft', 'directory_entry',
    'correction', 'consent', 'credential', 'product', 'purchase_decision'));
INSERT INTO policy (rule, effective, title_zh, title_en, days, unit, extension_days, article, source, verified) VALUES
('purchase_decision', '[2025-01-01,)', '采购申请审批', 'Decision on a request to buy', 5, 'working_day', NULL, NULL,
    'The market''s own rule', true);
CREATE INDEX purchase_decision_by_purchase ON purchase_decision (purchase_id);
-- An officer names an entitlement by its id alone.
CREATE INDEX entitlement_by_id ON entitlement (id);
UPDATE entitlement SET ended_at = LEAST(purchase.ended_at, upper(entitlement.valid))
FROM purchase WHERE purchase.enterprise_id = entitlement.enterprise_id AND purchase.id = entitlement.purchase_id
    AND purchase.state = 'ended';
