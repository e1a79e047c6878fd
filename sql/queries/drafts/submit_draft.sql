-- Submits an assessed draft to the competent body of its source, which has the policy's days to review it; a clock that
-- stood while papers were completed runs on, and its due date moves as in resume_deadline. What has no document needs no
-- assessment. No row: not in a state to be submitted, or the source has no competent body.
-- $1 id, $2 party, $3 now, $4 deadline if new, $5 notice, $6 reason or null
WITH submitted AS (
    UPDATE directory_draft AS draft SET state = 'submitted', submitted_at = $3, steps = steps + 1
    FROM source_competent_body AS body
    WHERE draft.id = $1 AND draft.compiled_by = $2 AND body.source_id = draft.source_id AND body.party_id IS NOT NULL
        AND (draft.kind <> 'new' OR draft.document ? 'sharingClass')
        AND (draft.state = 'assessed' OR (draft.document IS NULL AND draft.state IN ('draft', 'returned')))
    RETURNING draft.id, draft.steps, draft.entry_code, body.party_id
), resumed AS (
    UPDATE deadline SET state = 'running', paused_at = NULL, paused_days = deadline.paused_days + stood.days,
        due_on = move_by(deadline.due_on, stood.days, stood.unit)
    FROM (SELECT open.id, policy.unit, days_stood(open.paused_at, $3, policy.unit) AS days
          FROM submitted
          JOIN deadline AS open ON open.subject_kind = 'directory_draft' AND open.subject_id = submitted.id
          JOIN policy ON policy.rule = open.rule AND policy.effective @> legal_day(open.began_at)
          WHERE open.state = 'paused') AS stood
    WHERE deadline.id = stood.id
    RETURNING deadline.subject_id
), opened AS (
    INSERT INTO deadline (id, rule, party_id, subject_kind, subject_id, subject_code, began_at, due_on, state)
    SELECT $4, 'directory_review', party_id, 'directory_draft', id, entry_code, $3, due_on('directory_review', $3),
        'running'
    FROM submitted
    WHERE NOT EXISTS (SELECT FROM resumed) AND due_on('directory_review', $3) IS NOT NULL
), told AS (
    INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
    SELECT $5, party_id, 'directory.submitted', '/administration/drafts/' || id, '目录条目 ' || entry_code || ' 已提交审核。',
        'The directory entry ' || entry_code || ' was submitted for review.', $3
    FROM submitted WHERE party_id <> $2
)
INSERT INTO directory_draft_step (draft_id, number, step, party_id, taken_at, reason)
SELECT id, steps, 'submitted', $2, $3, $6::text FROM submitted
RETURNING draft_id;
