-- Marks approved drafts as released, with their steps and notices, and makes the entries that are new.
-- $1 drafts, $2 release, $3 competent body, $4 time, $5 reason or null
WITH claimed AS (
    UPDATE directory_draft SET state = 'released', released_at = $4, release_id = $2,
        entry_id = COALESCE(entry_id, id), steps = steps + 1
    WHERE id = ANY($1::uuid[]) AND state = 'approved'
    RETURNING id, kind, entry_code, source_id, compiled_by, steps
), entries AS (
    INSERT INTO directory_entry (id, code, source_id, identifier, recorded_at)
    SELECT id, entry_code, source_id, entry_code, $4 FROM claimed WHERE kind = 'new'
), told AS (
    INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
    SELECT gen_random_uuid(), compiled_by, 'directory.released', '/directory/' || entry_code || '/history',
        '目录条目 ' || entry_code || ' 已发布变更。', 'A change of the directory entry ' || entry_code || ' was released.', $4
    FROM claimed WHERE compiled_by <> $3
)
INSERT INTO directory_draft_step (draft_id, number, step, party_id, taken_at, reason)
SELECT id, steps, 'released', $3, $4, $5::text FROM claimed;
