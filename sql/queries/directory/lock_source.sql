-- Holds the source until the transaction ends, so that two imports of one source follow each other; answers its id
-- and the time of the import, which is later than that of the one before, of releases of drafts and of successions.
-- $1 id if new, $2 code, $3 title, $4 now
INSERT INTO directory_source (id, code, title, recorded_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (code) DO UPDATE SET title = COALESCE(NULLIF(excluded.title, ''), directory_source.title)
RETURNING id, title, greatest($4::timestamptz, (
    SELECT max(finished_at) + interval '1 microsecond' FROM directory_import
    WHERE source_id = directory_source.id), (
    SELECT max(released_at) + interval '1 microsecond' FROM directory_draft
    WHERE source_id = directory_source.id), (
    SELECT max(greatest(lower(recorded), upper(recorded))) + interval '1 microsecond' FROM party_succession)) AS imported_at;
