-- An import with its state, how far it is, and its problems by reason, as JSON; of a dry run that has ended, what it found; no
-- row: there is none. $1 id
SELECT json_strip_nulls(json_build_object('id', run.id, 'source', source.code, 'file', run.file_name,
    'format', run.file_format, 'state', run.state, 'dry_run', run.dry_run, 'started_at', run.started_at,
    'finished_at', run.finished_at, 'rows', run.read_to, 'nodes', run.nodes, 'added', run.added,
    'changed', run.changed, 'unchanged', run.unchanged, 'withdrawn', run.withdrawn, 'refused', run.refused,
    'refusal', run.refusal, 'by', party_summary.document,
    'refused_by_reason', COALESCE((
        SELECT json_object_agg(reason, number) FROM (
            SELECT reason, count(*) AS number FROM directory_import_problem
            WHERE import_id = run.id AND severity = 'refused' GROUP BY reason) AS refused), '{}'::json),
    'noted_by_reason', COALESCE((
        SELECT json_object_agg(reason, number) FROM (
            SELECT reason, count(*) AS number FROM directory_import_problem
            WHERE import_id = run.id AND severity = 'noted' GROUP BY reason) AS noted), '{}'::json)))::text
FROM directory_import AS run
JOIN directory_source AS source ON source.id = run.source_id
JOIN party_summary ON party_summary.id = run.party_id
WHERE run.id = $1
UNION ALL
SELECT json_strip_nulls(json_build_object('id', run.id, 'source', run.source, 'file', run.file_name,
    'format', run.file_format, 'state', CASE WHEN run.report IS NULL THEN 'refused' ELSE 'tried' END, 'dry_run', true,
    'started_at', run.started_at, 'finished_at', run.finished_at, 'rows', run.rows, 'nodes', 0,
    'added', COALESCE(run.report -> 'added', '0'), 'changed', COALESCE(run.report -> 'changed', '0'),
    'unchanged', COALESCE(run.report -> 'unchanged', '0'), 'withdrawn', COALESCE(run.report -> 'withdrawn', '0'),
    'refused', COALESCE(run.report -> 'refused', '0'), 'refusal', run.refusal, 'by', party_summary.document,
    'refused_by_reason', COALESCE(run.report -> 'refused_by_reason', '{}'),
    'noted_by_reason', COALESCE(run.report -> 'noted_by_reason', '{}')))::text
FROM dry_run AS run JOIN party_summary ON party_summary.id = run.party_id
WHERE run.id = $1;
