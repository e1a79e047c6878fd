-- The problems of an import in the order in which they were found: key and JSON per row.
-- $1 import, $2 number to start after or null, $3 limit
SELECT problem.number::text, json_strip_nulls(json_build_object('position', position, 'line', line,
    'identifier', identifier, 'severity', severity, 'reason', reason, 'field', field, 'message', message, 'duplicate_of', duplicate_of))::text
FROM directory_import_problem AS problem
WHERE import_id = $1 AND ($2::integer IS NULL OR problem.number > $2)
ORDER BY problem.number LIMIT $3;
