-- Holds drafts and their sources until the transaction ends, so that releases and imports of a source follow each other.
-- $1 drafts
SELECT draft.id
FROM directory_draft AS draft JOIN directory_source AS source ON source.id = draft.source_id
WHERE draft.id = ANY($1::uuid[])
ORDER BY source.id, draft.id
FOR UPDATE OF source, draft;
