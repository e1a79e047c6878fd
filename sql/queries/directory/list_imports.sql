-- Imports, the newest first: key and JSON per row. $1 source's code or null, $2 id to start below or null, $3 limit
SELECT run.id::text, json_strip_nulls(json_build_object('id', run.id, 'source', source.code, 'file', run.file_name,
    'format', run.file_format, 'state', run.state, 'dry_run', run.dry_run, 'started_at', run.started_at,
    'finished_at', run.finished_at, 'rows', run.read_to, 'added', run.added, 'changed', run.changed,
    'unchanged', run.unchanged, 'withdrawn', run.withdrawn, 'refused', run.refused, 'refusal', run.refusal))::text
FROM directory_import AS run JOIN directory_source AS source ON source.id = run.source_id
WHERE ($1::text IS NULL OR source.code = $1) AND ($2::uuid IS NULL OR run.id < $2)
ORDER BY run.id DESC LIMIT $3;
