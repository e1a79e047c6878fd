-- What an import would do: rows that are added, changed, unchanged, and entries in force that the file lacks.
-- Entries that the file holds but that were refused count as present.
-- $1 import, $2 source
WITH in_force AS (
    SELECT entry.identifier, version.digest
    FROM directory_entry AS entry
    JOIN entry_in_force ON entry_in_force.entry_id = entry.id
    JOIN directory_entry_version AS version USING (entry_id, number)
    WHERE entry.source_id = $2
), compared AS (
    SELECT row.document IS NOT NULL AS landed, in_force.identifier IS NOT NULL AS known,
        in_force.digest = row.digest AS same
    FROM directory_import_row AS row LEFT JOIN in_force USING (identifier)
    WHERE row.import_id = $1
)
SELECT count(*) FILTER (WHERE landed AND NOT known) AS added,
    count(*) FILTER (WHERE landed AND known AND NOT same) AS changed,
    count(*) FILTER (WHERE landed AND known AND same) AS unchanged,
    (SELECT count(*) FROM in_force WHERE NOT EXISTS (
        SELECT FROM directory_import_row AS row
        WHERE row.import_id = $1 AND row.identifier = in_force.identifier)) AS withdrawn,
    (SELECT count(*) FROM in_force) AS in_force
FROM compared;
