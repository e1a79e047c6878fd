-- The files of an upload by name: name, media type, charset, compression, sha256, sm3, bytes. $1 product, $2 number
SELECT file.name, file.media_type, file.charset, file.compression, file.sha256, content.sm3, content.bytes
FROM revision_file AS file JOIN content ON content.sha256 = file.sha256
WHERE file.product_id = $1 AND file.number = $2 ORDER BY file.name;
