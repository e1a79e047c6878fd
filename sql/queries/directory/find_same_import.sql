-- The last import of a source, if it was of this very file: what it found; no row: the source has another state.
-- $1 source, $2 digest, $3 reader
SELECT last.id, last.file_format, last.added + last.changed + last.unchanged
FROM (
    SELECT id, file_format, added, changed, unchanged, digest, reader
    FROM directory_import WHERE source_id = $1 AND state IN ('landed', 'unchanged')
    ORDER BY finished_at DESC LIMIT 1) AS last
WHERE last.digest = $2 AND last.reader = $3;
