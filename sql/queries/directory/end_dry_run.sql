-- Takes back an import that only tried what a file would change, and keeps what it found; forgets what is older than a month.
-- $1 import, $2 report or null, $3 why the file was refused or null, $4 now
WITH problems AS (
    DELETE FROM directory_import_problem WHERE import_id = $1
), forgotten AS (
    DELETE FROM dry_run WHERE finished_at < $4::timestamptz - interval '30 days'
), run AS (
    DELETE FROM directory_import WHERE id = $1 AND state = 'reading'
    RETURNING id, source_id, party_id, file_name, file_format, read_to, started_at
)
INSERT INTO dry_run (id, party_id, source, file_name, file_format, rows, started_at, finished_at, report, refusal)
SELECT run.id, run.party_id, source.code, run.file_name, run.file_format, run.read_to, run.started_at,
    greatest($4::timestamptz, run.started_at), $2::json, $3::text
FROM run JOIN directory_source AS source ON source.id = run.source_id;
