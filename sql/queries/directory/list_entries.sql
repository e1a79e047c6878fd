-- Entries in force whose title holds a text, by code: key and JSON per row.
-- $1 text or null, $2 code to start after or null, $3 limit
SELECT entry.code, json_strip_nulls(json_build_object(
    'code', entry.code, 'title', version.title, 'language', version.document->'titles'->0->>'language',
    'version', version.number, 'since', entry_in_force.since, 'source', source.code,
    'provider', provider.document, 'update_frequency', version.document->>'updateFrequency'))::text
FROM directory_entry AS entry
JOIN entry_in_force ON entry_in_force.entry_id = entry.id
JOIN directory_entry_version AS version ON version.entry_id = entry.id AND version.number = entry_in_force.number
JOIN directory_source AS source ON source.id = entry.source_id
LEFT JOIN LATERAL (
    SELECT party_summary.document
    FROM responsibility JOIN party_summary ON party_summary.id = responsibility.party_id
    WHERE responsibility.subject_id = entry.id AND responsibility.role = 'provider'
        AND upper_inf(responsibility.valid) AND upper_inf(responsibility.recorded)) AS provider ON true
WHERE ($1::text IS NULL OR version.title ILIKE '%' || $1 || '%' OR entry.code = $1)
    AND ($2::text IS NULL OR entry.code > $2)
ORDER BY entry.code LIMIT $3;
