-- A succession that was recorded wrongly is corrected by what is recorded next; what was known before stays.
ALTER TABLE party_succession ADD COLUMN corrected_by uuid REFERENCES party;
ALTER TABLE party_succession ADD COLUMN correction_reason text
    CONSTRAINT party_succession_correction_reason_not_blank CHECK (btrim(correction_reason) <> '');
-- The wrong succession in whose place this one stands.
ALTER TABLE party_succession ADD COLUMN corrects_id uuid REFERENCES party_succession
    CONSTRAINT party_succession_corrects_once UNIQUE;
ALTER TABLE party_succession ADD CONSTRAINT party_succession_correction_is_whole CHECK
    ((corrected_by IS NULL) = (correction_reason IS NULL) AND upper_inf(recorded) = (corrected_by IS NULL));

-- The successions through which a responsibility came to its party, in their order.
ALTER TABLE responsibility ADD COLUMN succession_ids uuid[] NOT NULL DEFAULT '{}';
UPDATE responsibility SET succession_ids = ARRAY[succession.id]
FROM party_succession AS succession
JOIN party_successor AS successor ON successor.succession_id = succession.id
WHERE responsibility.party_id = successor.party_id
    AND responsibility.basis = succession.kind || ': ' || succession.basis
    AND responsibility.basis_sha256 = succession.basis_sha256
    AND lower(responsibility.recorded) >= lower(succession.recorded);
CREATE INDEX responsibility_by_succession ON responsibility USING gin (succession_ids) WHERE succession_ids <> '{}';

-- The successions from a party to the one that answers in its place at a moment, in their order, as `successor_now` walks.
CREATE FUNCTION succession_trail(holder uuid, held_role text, subject uuid, moment timestamptz) RETURNS uuid[]
LANGUAGE sql STABLE BEGIN ATOMIC
    WITH RECURSIVE walk(party_id, trail) AS (
        SELECT holder, '{}'::uuid[]
        UNION ALL
        SELECT heir.party_id, walk.trail || succession.id
        FROM walk
        JOIN party_succession AS succession ON succession.predecessor_id = walk.party_id
            AND succession.recorded @> moment AND succession.effective_at <= moment
        CROSS JOIN LATERAL succession_heir(succession.id, held_role, subject) AS heir
        WHERE cardinality(walk.trail) < 16
    )
    SELECT walk.trail FROM walk ORDER BY cardinality(walk.trail) DESC LIMIT 1;
END;
