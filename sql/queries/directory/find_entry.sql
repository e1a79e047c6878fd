-- An entry as it was in force at a time, as far as it was known at another, as JSON; no row: unknown then, not yet
-- released, or withdrawn. $1 code, $2 as of, $3 recorded by, $4 whether the two times were asked for: they are told only
-- then, so that the same entry asked for now is the same document.
SELECT json_strip_nulls(json_build_object(
    'code', entry.code, 'version', version.number, 'title', version.title,
    'titles', version.document->'titles', 'descriptions', version.document->'descriptions',
    'keywords', version.document->'keywords', 'themes', version.document->'themes',
    'update_frequency', version.document->>'updateFrequency', 'issued', version.document->>'issued',
    'modified', version.document->>'modified', 'licence', version.document->>'licence',
    'landing_page', version.document->>'landingPage', 'access_level', version.document->>'accessLevel',
    'spatial', version.document->>'spatial',
    'distributions', version.document->'distributions',
    'classification', version.document->>'classification', 'format', version.document->>'format',
    'items', version.document->'items', 'conditions', version.document->'conditions',
    'sharing_class', version.document->>'sharingClass', 'sharing_basis', version.document->>'sharingBasis',
    'sharing_mode', version.document->'sharingMode', 'open_attribute', version.document->>'openAttribute',
    'grade', version.document->>'grade', 'personal_information', version.document->'personalInformation',
    'received_from', version.document->>'receivedFrom', 'related', version.document->'related',
    'language', version.document->>'language',
    'source', json_build_object('code', source.code, 'title', source.title, 'identifier', entry.identifier),
    'since', lower(validity.valid), 'until', upper(validity.valid),
    'recorded_at', lower(validity.recorded),
    'as_of', CASE WHEN $4::boolean THEN $2::timestamptz END,
    'recorded_by', CASE WHEN $4 THEN $3::timestamptz END,
    'digest', encode(version.digest, 'hex'),
    'responsible', COALESCE((
        SELECT json_agg(json_build_object('role', responsibility.role, 'party', called.document,
            'since', lower(responsibility.valid), 'until', upper(responsibility.valid),
            'basis', responsibility.basis, 'basis_sha256', encode(responsibility.basis_sha256, 'hex'))
            ORDER BY responsibility.role)
        FROM responsibility CROSS JOIN LATERAL party_then(responsibility.party_id, $2, $3) AS called
        WHERE responsibility.subject_id = entry.id
            AND responsibility.valid @> $2::timestamptz AND responsibility.recorded @> $3::timestamptz), '[]'::json),
    'products', COALESCE((
        SELECT json_agg(json_build_object('code', product.code, 'title_zh', product.title_zh,
            'title_en', product.title_en, 'revision', used.number, 'entry_version', used.entry_version)
            ORDER BY product.code, used.number)
        FROM product_revision_source AS used JOIN product ON product.id = used.product_id
        WHERE used.entry_id = entry.id AND product.listed_at <= $2 AND COALESCE(product.delisted_at > $2, true)), '[]'::json)))::text
FROM directory_entry AS entry
JOIN directory_source AS source ON source.id = entry.source_id
JOIN directory_entry_validity AS validity
    ON validity.entry_id = entry.id AND validity.valid @> $2::timestamptz AND validity.recorded @> $3::timestamptz
JOIN directory_entry_version AS version
    ON version.entry_id = entry.id AND version.number = validity.number
WHERE entry.code = $1;
