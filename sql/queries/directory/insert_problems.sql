-- The problems of an import, in the order of the file. $1 import, $2 problems as a JSON array
INSERT INTO directory_import_problem (import_id, number, position, line, identifier, severity, reason, field, message)
SELECT $1::uuid, problem.ordinality, (document->>'position')::integer, (document->>'line')::integer,
    document->>'identifier', document->>'severity', document->>'reason', document->>'field', document->>'message'
FROM jsonb_array_elements($2::jsonb) WITH ORDINALITY AS problem(document, ordinality);
