-- A published revision as anyone may see it: its columns as a contract, its files with their hashes, what it is made of, and
-- what changed since the one before.
CREATE OR REPLACE VIEW revision_document AS
SELECT revision.product_id, revision.number, jsonb_build_object('number', revision.number,
    'published_at', revision.published_at, 'file_name', revision.file_name, 'media_type', revision.media_type,
    'bytes', content.bytes, 'sha256', encode(revision.sha256, 'hex'), 'sm3', encode(content.sm3, 'hex'),
    'rows', revision.rows, 'columns', revision.columns, 'keys', to_jsonb(revision.keys), 'source', revision.source,
    'schema', made.schema, 'changes', made.changes, 'notes', made.notes, 'is_table', made.rows IS NOT NULL,
    'has_change_data', COALESCE(made.has_change_data, false),
    'files', (SELECT COALESCE(jsonb_agg(jsonb_build_object('name', file.name, 'media_type', file.media_type,
            'charset', file.charset, 'compression', file.compression, 'bytes', kept.bytes,
            'sha256', encode(file.sha256, 'hex'), 'sm3', encode(kept.sm3, 'hex')) ORDER BY file.name), '[]')
        FROM revision_file AS file JOIN content AS kept ON kept.sha256 = file.sha256
        WHERE file.product_id = revision.product_id AND file.number = revision.number),
    'directory_entries', (SELECT COALESCE(jsonb_agg(jsonb_build_object('code', entry.code,
            'version', used.entry_version, 'basis', used.basis) ORDER BY entry.code), '[]')
        FROM product_revision_source AS used JOIN directory_entry AS entry ON entry.id = used.entry_id
        WHERE used.product_id = revision.product_id AND used.number = revision.number)) AS document
FROM product_revision AS revision
JOIN content ON content.sha256 = revision.sha256
LEFT JOIN revision_table AS made ON made.product_id = revision.product_id AND made.number = revision.number;
