-- The first problems of an import as a JSON array, refused entries before noted ones; of a dry run that has ended, those of its
-- report. $1 import, $2 how many
SELECT COALESCE((SELECT report -> 'problems' FROM dry_run WHERE id = $1),
    json_agg(json_strip_nulls(json_build_object('position', position, 'line', line,
        'identifier', identifier, 'severity', severity, 'reason', reason, 'field', field, 'message', message,
        'duplicate_of', duplicate_of)) ORDER BY severity = 'noted', position, number), '[]'::json)::text
FROM (
    SELECT position, line, identifier, severity, reason, field, message, duplicate_of, number
    FROM directory_import_problem WHERE import_id = $1
    ORDER BY severity = 'noted', position, number LIMIT $2) AS problem;
