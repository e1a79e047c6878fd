-- What the server said of the file at an address that gave a source its present state; no row: another file did, or another
-- reader read it. $1 source's code, $2 address, $3 reader
SELECT address.etag, address.last_modified
FROM directory_source_address AS address JOIN directory_source AS source ON source.id = address.source_id
JOIN LATERAL (
    SELECT id, reader FROM directory_import WHERE source_id = source.id AND state IN ('landed', 'unchanged')
    ORDER BY finished_at DESC LIMIT 1) AS last ON last.id = address.import_id
WHERE source.code = $1 AND address.url = $2 AND last.reader = $3;
