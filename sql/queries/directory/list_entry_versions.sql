-- Every version of an entry, newest first, with its periods on both axes and the fields that differ from the version
-- before: key and JSON per row. $1 code, $2 number to start below or null, $3 limit
SELECT version.number::text, json_strip_nulls(json_build_object(
    'version', version.number, 'title', version.title, 'recorded_at', version.recorded_at,
    'digest', encode(version.digest, 'hex'),
    'periods', (SELECT json_agg(json_build_object('since', lower(valid), 'until', upper(valid),
                    'recorded_at', lower(recorded), 'superseded_at', upper(recorded)) ORDER BY lower(recorded))
                FROM directory_entry_validity AS validity
                WHERE validity.entry_id = version.entry_id AND validity.number = version.number),
    'changed', COALESCE((SELECT json_agg(json_build_object('field', field.key,
                    'before', before.document->field.key, 'after', version.document->field.key) ORDER BY field.key)
                FROM (SELECT jsonb_object_keys(before.document || version.document) AS key) AS field
                WHERE before.document->field.key IS DISTINCT FROM version.document->field.key), '[]'::json)))::text
FROM directory_entry AS entry
JOIN directory_entry_version AS version ON version.entry_id = entry.id
LEFT JOIN directory_entry_version AS before
    ON before.entry_id = entry.id AND before.number = version.number - 1
WHERE entry.code = $1 AND ($2::integer IS NULL OR version.number < $2)
ORDER BY version.number DESC LIMIT $3;
