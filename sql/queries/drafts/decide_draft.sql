-- The competent body's decision on a submitted draft: approved, refused with reasons, or returned, once, with all that
-- is missing, which stops the clock. Who compiled a draft decides on it only as the competent body and with a basis.
-- No row: not submitted, returned once before, or the party is not the competent body.
-- $1 id, $2 party, $3 now, $4 decision, $5 reason or basis, $6 missing as a JSON array or null, $7 notice
WITH decided AS (
    UPDATE directory_draft AS draft SET state = $4, steps = steps + 1,
        returned_at = CASE $4::text WHEN 'returned' THEN $3::timestamptz ELSE draft.returned_at END,
        decided_at = CASE $4 WHEN 'returned' THEN NULL ELSE $3 END,
        decided_by = CASE $4 WHEN 'returned' THEN NULL ELSE $2::uuid END,
        decision_basis = CASE $4 WHEN 'returned' THEN NULL ELSE $5::text END
    FROM source_competent_body AS body
    WHERE draft.id = $1 AND draft.state = 'submitted' AND body.source_id = draft.source_id AND body.party_id = $2
        AND ($4 <> 'returned' OR draft.returned_at IS NULL)
    RETURNING draft.id, draft.steps, draft.entry_code, draft.compiled_by
), clock AS (
    UPDATE deadline SET state = CASE $4 WHEN 'returned' THEN 'paused' ELSE 'met' END,
        paused_at = CASE $4 WHEN 'returned' THEN COALESCE(deadline.paused_at, $3) END, ended_at = CASE $4 WHEN 'returned' THEN NULL ELSE $3 END
    FROM decided
    WHERE deadline.subject_kind = 'directory_draft' AND deadline.subject_id = decided.id
        AND deadline.state IN ('running', 'paused')
), stood AS (
    -- The decision takes the place of an officer's own stop.
    UPDATE deadline_pause AS pause SET resumed_at = greatest(pause.paused_at, $3), days = 0
    FROM decided JOIN deadline
        ON deadline.subject_kind = 'directory_draft' AND deadline.subject_id = decided.id
    WHERE pause.deadline_id = deadline.id AND pause.resumed_at IS NULL
), told AS (
    INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
    SELECT $7, compiled_by, 'directory.' || $4, '/administration/drafts/' || id,
        '目录条目 ' || entry_code || CASE $4 WHEN 'approved' THEN ' 已批准。' WHEN 'refused' THEN ' 未获批准。' ELSE ' 已退回补正。' END,
        'The directory entry ' || entry_code || ' was ' || $4 || '.', $3
    FROM decided WHERE compiled_by <> $2
)
INSERT INTO directory_draft_step (draft_id, number, step, party_id, taken_at, reason, details)
SELECT id, steps, $4, $2, $3, $5, $6::jsonb FROM decided
RETURNING draft_id;
