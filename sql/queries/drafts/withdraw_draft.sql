-- Takes back a draft that is not released; the clock of its review ends. One that was approved and cannot be released any
-- more is taken back by either side. No row: not in a state to be withdrawn.
-- $1 id, $2 party, $3 now, $4 reason
WITH withdrawn AS (
    UPDATE directory_draft AS draft SET state = 'withdrawn', withdrawn_at = $3, steps = steps + 1, decided_at = NULL,
        decided_by = NULL, decision_basis = NULL
    WHERE draft.id = $1 AND (compiled_by = $2 AND state IN ('draft', 'assessed', 'submitted', 'returned', 'approved')
        OR state = 'approved' AND EXISTS (SELECT FROM source_competent_body AS body
            WHERE body.source_id = draft.source_id AND body.party_id = $2))
    RETURNING draft.id, draft.steps
), clock AS (
    UPDATE deadline SET state = 'void', paused_at = NULL, ended_at = $3
    FROM withdrawn
    WHERE deadline.subject_kind = 'directory_draft' AND deadline.subject_id = withdrawn.id
        AND deadline.state IN ('running', 'paused')
)
INSERT INTO directory_draft_step (draft_id, number, step, party_id, taken_at, reason)
SELECT id, steps, 'withdrawn', $2, $3, $4::text FROM withdrawn
RETURNING draft_id;
