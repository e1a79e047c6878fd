-- Every version of an entry, newest first, with its periods on both axes, the import or draft that made it, and the
-- places of the document that differ from the version before: key and JSON per row.
-- $1 code, $2 number to start below or null, $3 limit
SELECT version.number::text, json_strip_nulls(json_build_object(
    'version', version.number, 'title', version.title, 'recorded_at', version.recorded_at,
    'digest', encode(version.digest, 'hex'),
    'import', CASE WHEN import.id IS NOT NULL THEN json_build_object('id', import.id, 'file', import.file_name,
        'at', import.finished_at) END,
    'draft', CASE WHEN draft.id IS NOT NULL THEN json_build_object('id', draft.id, 'kind', draft.kind,
        'reason', draft.reason, 'basis', draft.basis) END,
    'periods', (SELECT json_agg(json_build_object('since', lower(valid), 'until', upper(valid),
                    'recorded_at', lower(recorded), 'superseded_at', upper(recorded), 'draft', stating.id,
                    'kind', stating.kind, 'reason', stating.reason) ORDER BY lower(recorded), lower(valid))
                FROM directory_entry_validity AS validity
                LEFT JOIN directory_draft AS stating ON stating.id = validity.draft_id
                WHERE validity.entry_id = version.entry_id AND validity.number = version.number),
    'changed', COALESCE((SELECT json_agg(json_build_object('field', COALESCE(earlier.place, later.place),
                    'before', earlier.value, 'after', later.value) ORDER BY COALESCE(earlier.place, later.place))
                FROM document_places(entry_fields(before.document)) AS earlier
                FULL JOIN document_places(entry_fields(version.document)) AS later USING (place)
                WHERE earlier.value IS DISTINCT FROM later.value), '[]'::json)))::text
FROM directory_entry AS entry
JOIN directory_entry_version AS version ON version.entry_id = entry.id
LEFT JOIN directory_import AS import ON import.id = version.import_id
LEFT JOIN directory_draft AS draft ON draft.id = version.draft_id
LEFT JOIN directory_entry_version AS before
    ON before.entry_id = entry.id AND before.number = version.number - 1
WHERE entry.code = $1 AND ($2::integer IS NULL OR version.number < $2)
ORDER BY version.number DESC LIMIT $3;
