-- Entries that the source never had before. $1 import, $2 source, $3 now
INSERT INTO directory_entry (id, code, source_id, identifier, recorded_at)
SELECT gen_random_uuid(),
    source.code || '-' || upper(substr(encode(sha256(convert_to(row.identifier, 'UTF8')), 'hex'), 1, 16)),
    source.id, row.identifier, $3
FROM directory_import_row AS row JOIN directory_source AS source ON source.id = $2
WHERE row.import_id = $1 AND row.document IS NOT NULL
ON CONFLICT (source_id, identifier) DO NOTHING;
