-- Refuses entries that would be new to the source but repeat another: the same content under another identifier of the
-- file, or an entry in force of another source with the same content or the same identifier that is meant to be unique
-- everywhere. A document that says little more than a title repeats nothing. $1 import, $2 source
WITH compared AS (
    SELECT row.position, row.identifier, row.digest,
        jsonb_array_length(row.document->'descriptions') > 0 OR jsonb_array_length(row.document->'distributions') > 0
            OR jsonb_array_length(row.document->'items') > 0 OR row.document ? 'landingPage' AS is_telling,
        EXISTS (SELECT FROM directory_entry AS entry JOIN entry_in_force ON entry_in_force.entry_id = entry.id
            WHERE entry.source_id = $2 AND entry.identifier = row.identifier) AS is_known
    FROM directory_import_row AS row WHERE row.import_id = $1 AND row.document IS NOT NULL
), inside AS (
    SELECT position, first_value(position) OVER same_content AS first,
        first_value(identifier) OVER same_content AS duplicate_of
    FROM compared WHERE is_telling
    WINDOW same_content AS (PARTITION BY digest ORDER BY is_known DESC, position)
), across AS (
    SELECT DISTINCT ON (compared.position) compared.position, entry.code AS duplicate_of
    FROM compared
    JOIN LATERAL (
        SELECT entry.code, entry.id FROM directory_entry AS entry
        WHERE compared.identifier ~* '^([a-z][a-z0-9+.-]*:|[0-9a-f]{8}-[0-9a-f]{4}-)'
            AND entry.identifier = compared.identifier AND entry.source_id <> $2
        UNION ALL
        SELECT entry.code, entry.id
        FROM directory_entry_version AS version
        JOIN entry_in_force ON entry_in_force.entry_id = version.entry_id AND entry_in_force.number = version.number
        JOIN directory_entry AS entry ON entry.id = version.entry_id
        WHERE compared.is_telling AND version.digest = compared.digest AND entry.source_id <> $2
    ) AS entry ON EXISTS (SELECT FROM entry_in_force WHERE entry_in_force.entry_id = entry.id)
    ORDER BY compared.position, entry.code
), found AS (
    SELECT compared.position, compared.identifier,
        CASE WHEN across.duplicate_of IS NOT NULL THEN 'duplicate_of_source' ELSE 'duplicate_content' END AS reason,
        CASE WHEN across.duplicate_of IS NOT NULL
            THEN 'The directory entry ' || across.duplicate_of || ' of another source is the same.'
            ELSE 'Entry ' || inside.first || ' of the file has the same content under another identifier.' END
            AS message,
        COALESCE(across.duplicate_of, inside.duplicate_of) AS duplicate_of
    FROM compared
    LEFT JOIN across ON across.position = compared.position
    LEFT JOIN inside ON inside.position = compared.position AND inside.first <> inside.position
    WHERE NOT compared.is_known AND (across.position IS NOT NULL OR inside.position IS NOT NULL)
), emptied AS (
    UPDATE directory_import_row AS row SET document = NULL FROM found
    WHERE row.import_id = $1 AND row.position = found.position
), forgotten AS (
    DELETE FROM directory_import_problem AS problem USING found
    WHERE problem.import_id = $1 AND problem.position = found.position
)
INSERT INTO directory_import_problem (import_id, number, position, identifier, severity, reason, message, duplicate_of)
SELECT $1, (SELECT COALESCE(max(number), 0) FROM directory_import_problem WHERE import_id = $1)
    + row_number() OVER (ORDER BY position), position, identifier, 'refused', reason, message, duplicate_of
FROM found;
