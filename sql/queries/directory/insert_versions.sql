-- A new version for every entry of the file that has none in force; run after end_versions.
-- $1 import, $2 source, $3 now
WITH fresh AS (
    INSERT INTO directory_entry_version (entry_id, number, title, document, digest, import_id, recorded_at)
    SELECT entry.id,
        COALESCE((SELECT max(number) FROM directory_entry_version WHERE entry_id = entry.id), 0) + 1,
        row.document->'titles'->0->>'text', row.document, row.digest, $1, $3
    FROM directory_import_row AS row
    JOIN directory_entry AS entry ON entry.source_id = $2 AND entry.identifier = row.identifier
    WHERE row.import_id = $1 AND row.document IS NOT NULL
        AND NOT EXISTS (SELECT FROM entry_in_force WHERE entry_id = entry.id)
    ORDER BY entry.id
    RETURNING entry_id, number
)
INSERT INTO directory_entry_validity (entry_id, number, valid, recorded)
SELECT entry_id, number, tstzrange($3, NULL), tstzrange($3, NULL) FROM fresh;
