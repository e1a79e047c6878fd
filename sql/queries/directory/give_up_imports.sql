-- Ends the imports of a source that were begun with another file, and clears what they staged. $1 source, $2 now
WITH given_up AS (
    UPDATE directory_import
    SET state = 'refused', refusal = 'Given up for another file.', finished_at = greatest($2::timestamptz, started_at)
    WHERE source_id = $1 AND state = 'reading'
    RETURNING id
), nodes AS (
    DELETE FROM directory_import_node WHERE import_id IN (SELECT id FROM given_up)
)
DELETE FROM directory_import_row WHERE import_id IN (SELECT id FROM given_up);
