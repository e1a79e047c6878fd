-- The versions that a release adds, one for each draft with a document. $1 release, $2 time
INSERT INTO directory_entry_version (entry_id, number, title, document, digest, draft_id, recorded_at)
SELECT draft.entry_id,
    COALESCE((SELECT max(number) FROM directory_entry_version WHERE entry_id = draft.entry_id), 0) + 1,
    draft.document->'titles'->0->>'text', draft.document, sha256(convert_to(draft.document::text, 'UTF8')), draft.id, $2
FROM directory_draft AS draft WHERE draft.release_id = $1 AND draft.document IS NOT NULL;
