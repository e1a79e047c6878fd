-- The imports that were begun last, with the dry runs that have ended, as a JSON array. Those that no server is at any more,
-- although they did not end, are interrupted. $1 how many
SELECT COALESCE(json_agg(latest.document ORDER BY latest.started_at DESC, latest.id DESC), '[]'::json)::text
FROM (
    (SELECT run.id, run.started_at, json_build_object('id', run.id, 'source', source.code, 'dry_run', run.dry_run,
        'state', CASE WHEN run.state = 'reading' AND NOT EXISTS (
            SELECT FROM import_claim WHERE key = hashtextextended('directory import of ' || source.code, 0))
            THEN 'interrupted' ELSE run.state END,
        'started_at', run.started_at, 'rows', run.read_to, 'added', run.added, 'changed', run.changed,
        'withdrawn', run.withdrawn, 'refused', run.refused) AS document
    FROM directory_import AS run JOIN directory_source AS source ON source.id = run.source_id
    ORDER BY run.id DESC LIMIT $1)
    UNION ALL
    (SELECT id, started_at, json_build_object('id', id, 'source', source, 'dry_run', true,
        'state', CASE WHEN report IS NULL THEN 'refused' ELSE 'tried' END, 'started_at', started_at, 'rows', rows,
        'added', report -> 'added', 'changed', report -> 'changed', 'withdrawn', report -> 'withdrawn',
        'refused', report -> 'refused')
    FROM dry_run ORDER BY id DESC LIMIT $1)
    ORDER BY started_at DESC, id DESC LIMIT $1) AS latest;
