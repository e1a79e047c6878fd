-- A new version for every entry of the file that has none in force; run after end_versions.
-- What is to be written is found before the first row is, as in insert_responsibilities.
-- $1 import, $2 source, $3 now
WITH new AS MATERIALIZED (
    SELECT entry.id AS entry_id,
        COALESCE((SELECT max(number) FROM directory_entry_version WHERE entry_id = entry.id), 0) + 1 AS number,
        row.document, row.digest
    FROM directory_import_row AS row
    JOIN directory_entry AS entry ON entry.source_id = $2 AND entry.identifier = row.identifier
    WHERE row.import_id = $1 AND row.document IS NOT NULL
        AND NOT EXISTS (SELECT FROM entry_in_force WHERE entry_id = entry.id)
), fresh AS (
    INSERT INTO directory_entry_version (entry_id, number, title, document, digest, import_id, recorded_at)
    SELECT entry_id, number, document->'titles'->0->>'text', document, digest, $1, $3 FROM new ORDER BY entry_id
    RETURNING entry_id, number
)
INSERT INTO directory_entry_validity (entry_id, number, valid, recorded)
SELECT entry_id, number, tstzrange($3, NULL), tstzrange($3, NULL) FROM fresh;
