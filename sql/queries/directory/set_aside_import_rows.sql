-- Keeps an import off the entries that the administration keeps itself, which are those with a released draft: their rows
-- count as present but without a document, so that nothing is changed, added or withdrawn. Notes those whose document
-- in the source is no longer the one imported last, and those that the source no longer holds. $1 import, $2 source
WITH kept AS (
    SELECT entry.identifier, entry.code, imported.digest
    FROM directory_entry AS entry
    LEFT JOIN LATERAL (SELECT digest FROM directory_entry_version
        WHERE entry_id = entry.id AND import_id IS NOT NULL ORDER BY number DESC LIMIT 1) AS imported ON true
    WHERE entry.source_id = $2
        AND EXISTS (SELECT FROM directory_draft WHERE entry_id = entry.id AND directory_draft.state = 'released')
), compared AS (
    SELECT kept.identifier, kept.code, row.position, row.import_id IS NOT NULL AS is_present,
        row.document IS NOT NULL
            AND kept.digest IS DISTINCT FROM sha256(convert_to(row.document::text, 'UTF8')) AS differs
    FROM kept LEFT JOIN directory_import_row AS row ON row.import_id = $1 AND row.identifier = kept.identifier
), emptied AS (
    UPDATE directory_import_row AS row SET document = NULL FROM kept
    WHERE row.import_id = $1 AND row.identifier = kept.identifier
), present AS (
    INSERT INTO directory_import_row (import_id, position, identifier)
    SELECT $1::uuid, (-row_number() OVER (ORDER BY identifier))::integer, identifier FROM compared WHERE NOT is_present
)
INSERT INTO directory_import_problem (import_id, number, position, identifier, severity, reason, message)
SELECT $1, (SELECT COALESCE(max(number), 0) FROM directory_import_problem WHERE import_id = $1)
    + row_number() OVER (ORDER BY identifier), COALESCE(position, 0), identifier, 'noted', 'kept_by_administration',
    CASE WHEN is_present
        THEN 'The source changed this entry, but the administration keeps ' || code || ' itself since it released a draft.'
        ELSE 'The source has no such entry any more, but the administration keeps ' || code || ' itself.' END
FROM compared WHERE differs OR NOT is_present;
