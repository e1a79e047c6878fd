-- Entries that the source never had before. Their ids are UUIDs of version 7 with the import's time, in the order of the
-- file: what is written for them lands side by side in the indexes. $1 import, $2 source, $3 now
INSERT INTO directory_entry (id, code, source_id, identifier, recorded_at)
SELECT (left($1::uuid::text, 14) || '7' || lpad(to_hex((row.position >> 16) & 4095), 3, '0')
        || '-8' || lpad(to_hex(row.position >> 4 & 4095), 3, '0')
        || '-' || to_hex(row.position & 15) || substr(md5(gen_random_uuid()::text), 1, 11))::uuid,
    source.code || '-' || upper(substr(encode(sha256(convert_to(row.identifier, 'UTF8')), 'hex'), 1, 16)),
    source.id, row.identifier, $3
FROM directory_import_row AS row JOIN directory_source AS source ON source.id = $2
WHERE row.import_id = $1 AND row.document IS NOT NULL
ORDER BY row.position
ON CONFLICT (source_id, identifier) DO NOTHING;
