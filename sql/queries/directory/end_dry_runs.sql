-- Takes back the dry runs that ended without their word, killed: nobody holds the claim on their source (claim_source).
-- A row for each, its source's code; no row: there is none. $1 why, $2 now
WITH open AS MATERIALIZED (
    SELECT run.id, source.code
    FROM directory_import AS run JOIN directory_source AS source ON source.id = run.source_id
    WHERE run.state = 'reading' AND run.dry_run
), ended AS MATERIALIZED (
    SELECT id, code FROM open WHERE pg_try_advisory_xact_lock(hashtextextended('directory import of ' || code, 0))
), problems AS (
    DELETE FROM directory_import_problem WHERE import_id IN (SELECT id FROM ended)
), staged AS (
    DELETE FROM directory_import_row WHERE import_id IN (SELECT id FROM ended)
), nodes AS (
    DELETE FROM directory_import_node WHERE import_id IN (SELECT id FROM ended)
), run AS (
    DELETE FROM directory_import AS run USING ended
    WHERE run.id = ended.id AND run.state = 'reading' AND run.dry_run
    RETURNING run.id, ended.code, run.party_id, run.file_name, run.file_format, run.read_to, run.started_at
)
INSERT INTO dry_run (id, party_id, source, file_name, file_format, rows, started_at, finished_at, refusal)
SELECT id, party_id, code, file_name, file_format, read_to, started_at, greatest($2::timestamptz, started_at), $1::text
FROM run RETURNING source;
