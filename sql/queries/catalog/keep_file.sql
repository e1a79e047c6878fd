-- Takes a whole file into an upload, in the place of one of the same name; answers 1 unless the upload takes no more.
-- $1 product, $2 number, $3 name, $4 media type, $5 charset or null, $6 compression or null, $7 sha256, $8 now
INSERT INTO revision_file (product_id, number, name, media_type, charset, compression, sha256, received_at)
SELECT product_id, number, $3, $4, $5, $6, $7, $8 FROM revision_upload
WHERE product_id = $1 AND number = $2 AND state = 'receiving'
FOR UPDATE
ON CONFLICT (product_id, number, name) DO UPDATE SET media_type = excluded.media_type, charset = excluded.charset,
    compression = excluded.compression, sha256 = excluded.sha256, received_at = excluded.received_at;
