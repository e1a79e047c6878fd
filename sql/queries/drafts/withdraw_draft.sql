-- Takes back a draft that is not decided yet; the clock of its review ends. No row: not in a state to be withdrawn.
-- $1 id, $2 party, $3 now, $4 reason
WITH withdrawn AS (
    UPDATE directory_draft SET state = 'withdrawn', withdrawn_at = $3, steps = steps + 1
    WHERE id = $1 AND compiled_by = $2 AND state IN ('draft', 'assessed', 'submitted', 'returned')
    RETURNING id, steps
), clock AS (
    UPDATE deadline SET state = 'void', paused_at = NULL, ended_at = $3
    FROM withdrawn
    WHERE deadline.subject_kind = 'directory_draft' AND deadline.subject_id = withdrawn.id
        AND deadline.state IN ('running', 'paused')
)
INSERT INTO directory_draft_step (draft_id, number, step, party_id, taken_at, reason)
SELECT id, steps, 'withdrawn', $2, $3, $4::text FROM withdrawn
RETURNING draft_id;
