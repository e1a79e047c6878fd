-- Published scenarios by code: key and JSON per row. $1 domain or null, $2 batch or null, $3 text or null,
-- $4 code to start after or null, $5 limit
SELECT code, json_strip_nulls(json_build_object('code', code, 'batch', batch, 'title_zh', title_zh,
    'title_en', title_en, 'domain', domain, 'published_on', published_on,
    'title_is_official', document->'title_is_official',
    'confidence', document->'source'->>'confidence'))::text
FROM scenario
WHERE ($1::text IS NULL OR domain = $1) AND ($2::integer IS NULL OR batch = $2)
    AND ($3::text IS NULL OR title_zh ILIKE '%' || $3 || '%' OR title_en ILIKE '%' || $3 || '%')
    AND ($4::text IS NULL OR code > $4)
ORDER BY code LIMIT $5;
