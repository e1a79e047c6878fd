-- Keeps what the server said of a file, with the import that it gave the source its state by; nothing while another file did.
-- $1 source's code, $2 address, $3 ETag, $4 Last-Modified, $5 now, $6 digest of the file
INSERT INTO directory_source_address (source_id, url, etag, last_modified, checked_at, import_id)
SELECT source.id, $2, $3, $4, $5, last.id
FROM directory_source AS source
JOIN LATERAL (
    SELECT id, digest FROM directory_import WHERE source_id = source.id AND state IN ('landed', 'unchanged')
    ORDER BY finished_at DESC LIMIT 1) AS last ON last.digest = $6
WHERE source.code = $1
ON CONFLICT (source_id, url) DO UPDATE SET etag = excluded.etag, last_modified = excluded.last_modified,
    checked_at = excluded.checked_at, import_id = excluded.import_id;
