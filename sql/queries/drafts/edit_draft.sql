-- States an undecided draft anew; what was assessed before no longer counts. No row: not in a state to be edited.
-- $1 id, $2 party, $3 now, $4 document or null, $5 base version, $6 restated version, $7 valid from, $8 valid until,
-- $9 provider, $10 contact, $11 security, $12 reason, $13 basis
WITH edited AS (
    UPDATE directory_draft SET state = 'draft', document = $4::jsonb, base_version = $5, restated_version = $6,
        valid_from = $7, valid_until = $8, provider_id = $9, contact_id = $10, security_id = $11, reason = $12,
        basis = $13, secrecy = NULL, assessed_at = NULL, steps = steps + 1
    WHERE id = $1 AND compiled_by = $2 AND state IN ('draft', 'assessed', 'returned')
    RETURNING id, steps, document
)
INSERT INTO directory_draft_step (draft_id, number, step, party_id, taken_at, reason, details)
SELECT id, steps, 'edited', $2, $3, $12, document FROM edited
RETURNING draft_id;
