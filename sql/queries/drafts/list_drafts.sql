-- Drafts that a party compiled or decides on, newest first: key and JSON per row.
-- $1 party, $2 state or null, $3 id to start below or null, $4 limit
SELECT draft.id::text, json_strip_nulls(json_build_object(
    'id', draft.id, 'entry', draft.entry_code, 'kind', draft.kind, 'state', draft.state,
    'title', COALESCE(draft.document->'titles'->0->>'text', (
        SELECT title FROM directory_entry_version WHERE entry_id = draft.entry_id ORDER BY number DESC LIMIT 1)),
    'compiled_by', compiler.document, 'compiled_at', draft.compiled_at,
    'due', (SELECT json_build_object('on', due_on, 'state', deadline.state) FROM deadline
            WHERE subject_kind = 'directory_draft' AND subject_id = draft.id ORDER BY began_at DESC LIMIT 1)))::text
FROM directory_draft AS draft
JOIN source_competent_body AS body ON body.source_id = draft.source_id
JOIN party_summary AS compiler ON compiler.id = draft.compiled_by
WHERE (draft.compiled_by = $1 OR body.party_id = $1)
    AND ($2::text IS NULL OR draft.state = $2) AND ($3::uuid IS NULL OR draft.id < $3)
ORDER BY draft.id DESC LIMIT $4;
