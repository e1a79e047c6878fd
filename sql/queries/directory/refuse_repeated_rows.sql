-- Refuses entries of the file whose identifier stands there before; what was refused anyway only makes way. $1 import
WITH ranked AS (
    SELECT position, identifier, document IS NOT NULL AS has_document,
        row_number() OVER same_identifier AS place, first_value(position) OVER same_identifier AS first
    FROM directory_import_row WHERE import_id = $1
    WINDOW same_identifier AS (PARTITION BY identifier ORDER BY document IS NULL, position)
), removed AS (
    DELETE FROM directory_import_row AS row USING ranked
    WHERE row.import_id = $1 AND row.position = ranked.position AND ranked.place > 1
    RETURNING ranked.position, ranked.identifier, ranked.has_document, ranked.first
), forgotten AS (
    DELETE FROM directory_import_problem AS problem USING removed
    WHERE problem.import_id = $1 AND problem.position = removed.position AND removed.has_document
)
INSERT INTO directory_import_problem (import_id, number, position, identifier, severity, reason, field, message,
    duplicate_of)
SELECT $1, (SELECT COALESCE(max(number), 0) FROM directory_import_problem WHERE import_id = $1)
        + row_number() OVER (ORDER BY position), position, identifier, 'refused', 'duplicate_identifier', 'identifier',
    'Entry ' || first || ' of the file has the same identifier; the first one counts.', identifier
FROM removed WHERE has_document;
