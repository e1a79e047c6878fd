-- What the search needs of entries in force, as JSON each. $1 ids
SELECT jsonb_strip_nulls(jsonb_build_object('id', entry.id, 'kind', 'entry', 'code', entry.code, 'version', version.number,
    'titles', jsonb_path_query_array(version.document, '$.titles[*].text'),
    'descriptions', jsonb_path_query_array(version.document, '$.descriptions[*].text'),
    'keywords', version.document->'keywords', 'themes', version.document->'themes',
    'columns', jsonb_path_query_array(version.document, '$.items[0 to 199].name')
        || jsonb_path_query_array(version.document, '$.items[0 to 199].description'),
    'formats', jsonb_path_query_array(version.document, '$.distributions[0 to 49].format'),
    'modified', COALESCE(version.document->>'modified', version.document->>'issued'),
    'recorded', lower(validity.valid), 'frequency', version.document->>'updateFrequency',
    'licence', version.document->>'licence', 'hasContact', version.document ? 'contact',
    'sources', jsonb_build_array((SELECT code FROM directory_source WHERE directory_source.id = entry.source_id)),
    'providers', to_jsonb(ARRAY(
        SELECT party_id FROM responsibility
        WHERE subject_id = entry.id AND role IN ('provider', 'publisher') AND upper_inf(valid) AND upper_inf(recorded)
        ORDER BY role LIMIT 1)),
    'spatial', version.document->>'spatial', 'grade', version.document->>'grade',
    'sharing', version.document->>'sharingClass'))::text
FROM unnest($1::uuid[]) AS wanted (id)
JOIN directory_entry AS entry ON entry.id = wanted.id
CROSS JOIN LATERAL (
    SELECT number, valid FROM directory_entry_validity
    WHERE entry_id = entry.id AND upper_inf(valid) AND upper_inf(recorded) LIMIT 1) AS validity
JOIN directory_entry_version AS version ON version.entry_id = entry.id AND version.number = validity.number;
