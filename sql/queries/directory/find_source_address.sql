-- What the server said of the last file that landed from an address; no row: none did. $1 source's code, $2 address
SELECT address.etag, address.last_modified
FROM directory_source_address AS address JOIN directory_source AS source ON source.id = address.source_id
WHERE source.code = $1 AND address.url = $2;
