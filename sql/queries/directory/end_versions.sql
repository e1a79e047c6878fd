-- Ends, at the time of the import, the versions that the file changes or no longer holds. What we believed before is
-- kept: the open period is closed on the recorded axis and stated again with its end on the valid axis.
-- $1 import, $2 source, $3 now
WITH ended AS (
    UPDATE directory_entry_validity AS validity
    SET recorded = tstzrange(lower(validity.recorded), $3)
    FROM directory_entry AS entry
    JOIN entry_in_force ON entry_in_force.entry_id = entry.id
    JOIN directory_entry_version AS version
        ON version.entry_id = entry.id AND version.number = entry_in_force.number
    LEFT JOIN directory_import_row AS row ON row.import_id = $1 AND row.identifier = entry.identifier
    WHERE entry.source_id = $2
        AND validity.entry_id = entry.id AND validity.number = entry_in_force.number
        AND upper_inf(validity.valid) AND upper_inf(validity.recorded)
        AND (row.import_id IS NULL
             OR (row.document IS NOT NULL AND version.digest <> row.digest))
    RETURNING validity.entry_id, validity.number, lower(validity.valid) AS since
)
INSERT INTO directory_entry_validity (entry_id, number, valid, recorded)
SELECT entry_id, number, tstzrange(since, $3), tstzrange($3, NULL) FROM ended WHERE since < $3;
