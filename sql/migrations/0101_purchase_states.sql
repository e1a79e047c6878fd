-- The states of a purchase, and every transition with who, when and why.
ALTER TABLE purchase DROP CONSTRAINT purchase_state_known;
ALTER TABLE purchase ADD CONSTRAINT purchase_state_known CHECK
    (state IN ('requested', 'returned', 'approved', 'rejected', 'agreed', 'active', 'ended'));
ALTER TABLE purchase ADD COLUMN requested_at timestamptz;
UPDATE purchase SET requested_at = accepted_at;
ALTER TABLE purchase ALTER COLUMN requested_at SET NOT NULL;
-- When the agreement was concluded; null while there is none.
ALTER TABLE purchase ALTER COLUMN accepted_at DROP NOT NULL;
ALTER TABLE purchase ADD CONSTRAINT purchase_agreed_has_time CHECK (CASE
    WHEN state IN ('agreed', 'active') THEN accepted_at IS NOT NULL
    WHEN state <> 'ended' THEN accepted_at IS NULL ELSE true END);
ALTER TABLE purchase ADD CONSTRAINT purchase_agreed_after_request CHECK (accepted_at >= requested_at);
-- What the buyer states besides the purpose: what for in words, where (GB/T 2260), and from when until when.
ALTER TABLE purchase ADD COLUMN scope text CONSTRAINT purchase_scope_not_blank CHECK (btrim(scope) <> '');
ALTER TABLE purchase ADD COLUMN place text CONSTRAINT purchase_place_form CHECK (place ~ '^[0-9]{6}$');
ALTER TABLE purchase ADD COLUMN wanted tstzrange CONSTRAINT purchase_wanted_not_empty CHECK (NOT isempty(wanted));
ALTER TABLE purchase ADD COLUMN ended_as text CONSTRAINT purchase_end_known CHECK
    (ended_as IN ('expired', 'cancelled', 'terminated', 'refunded'));
UPDATE purchase SET ended_as = 'expired' WHERE state = 'ended';
ALTER TABLE purchase ADD CONSTRAINT purchase_ended_has_kind CHECK ((state = 'ended') = (ended_as IS NOT NULL));
-- The number of the transition that led to the state.
ALTER TABLE purchase ADD COLUMN transition integer NOT NULL DEFAULT 1;

-- Each transition begins in the state that the one before led to, and the purchase stands where the last one led: the
-- foreign keys say so. A purchase that is approved by rule is requested, approved, agreed and active in one transition.
CREATE TABLE purchase_transition (
    enterprise_id uuid NOT NULL,
    purchase_id uuid NOT NULL,
    number integer NOT NULL CONSTRAINT purchase_transition_counts_from_one CHECK (number >= 1),
    previous integer GENERATED ALWAYS AS (CASE WHEN number > 1 THEN number - 1 END) STORED,
    from_state text,
    to_state text NOT NULL,
    -- Who did it; null: the market, by rule.
    party_id uuid REFERENCES party,
    reason text NOT NULL CONSTRAINT purchase_transition_has_reason CHECK (btrim(reason) <> ''),
    moved_at timestamptz NOT NULL,
    PRIMARY KEY (enterprise_id, purchase_id, number),
    CONSTRAINT purchase_transition_target UNIQUE (enterprise_id, purchase_id, number, to_state),
    CONSTRAINT purchase_transition_first_has_no_origin CHECK ((number = 1) = (from_state IS NULL)),
    CONSTRAINT purchase_transition_allowed CHECK (CASE COALESCE(from_state, 'none')
        WHEN 'none' THEN to_state IN ('requested', 'active')
        WHEN 'requested' THEN to_state IN ('returned', 'approved', 'rejected', 'ended')
        WHEN 'returned' THEN to_state IN ('requested', 'ended')
        WHEN 'approved' THEN to_state IN ('agreed', 'rejected', 'ended')
        WHEN 'agreed' THEN to_state IN ('active', 'ended')
        WHEN 'active' THEN to_state = 'ended'
        ELSE false END)
);
INSERT INTO purchase_transition (enterprise_id, purchase_id, number, from_state, to_state, party_id, reason, moved_at)
SELECT enterprise_id, id, 1, NULL, 'active', enterprise_id, 'the offer was accepted', accepted_at FROM purchase
UNION ALL
SELECT enterprise_id, id, 2, 'active', 'ended', NULL, 'recorded before reasons were kept', ended_at
FROM purchase WHERE state = 'ended';
UPDATE purchase SET transition = 2 WHERE state = 'ended';

ALTER TABLE purchase_transition ADD CONSTRAINT purchase_transition_purchase
    FOREIGN KEY (enterprise_id, purchase_id) REFERENCES purchase (enterprise_id, id);
ALTER TABLE purchase_transition ADD CONSTRAINT purchase_transition_follows
    FOREIGN KEY (enterprise_id, purchase_id, previous, from_state)
    REFERENCES purchase_transition (enterprise_id, purchase_id, number, to_state);
ALTER TABLE purchase ADD CONSTRAINT purchase_stands_where_it_was_led
    FOREIGN KEY (enterprise_id, id, transition, state)
    REFERENCES purchase_transition (enterprise_id, purchase_id, number, to_state);
