-- Keeps what the server said of a file that landed. $1 source's code, $2 address, $3 ETag, $4 Last-Modified, $5 now
INSERT INTO directory_source_address (source_id, url, etag, last_modified, checked_at)
SELECT source.id, $2, $3, $4, $5 FROM directory_source AS source WHERE source.code = $1
ON CONFLICT (source_id, url) DO UPDATE
SET etag = excluded.etag, last_modified = excluded.last_modified, checked_at = excluded.checked_at;
