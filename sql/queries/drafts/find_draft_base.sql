-- What an edit of a draft starts from: its kind, its source and its entry. No row:
-- none that the party compiled. $1 draft, $2 party
SELECT draft.kind, source.code AS source, CASE WHEN draft.entry_id IS NOT NULL THEN draft.entry_code END AS entry
FROM directory_draft AS draft JOIN directory_source AS source ON source.id = draft.source_id
WHERE draft.id = $1 AND draft.compiled_by = $2;
