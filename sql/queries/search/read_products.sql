-- What the search needs of listed products, as JSON each; what they are made of gives its fields, regions and owners.
-- $1 ids, $2 now
SELECT jsonb_strip_nulls(jsonb_build_object('id', product.id, 'kind', 'product', 'code', product.code,
    'version', COALESCE(revision.number, 0), 'titles', jsonb_build_array(product.title_zh, product.title_en),
    'descriptions', jsonb_build_array(product.description_zh, product.description_en),
    'keywords', made.keywords, 'themes', made.themes,
    'columns', jsonb_path_query_array(revision.columns, '$[0 to 199].name')
        || jsonb_path_query_array(revision.columns, '$[0 to 199].zh')
        || jsonb_path_query_array(revision.columns, '$[0 to 199].en'),
    'formats', CASE WHEN revision.number IS NOT NULL THEN jsonb_build_array(revision.media_type) END,
    'productKind', product.kind, 'useClass', product.use_class,
    'recorded', COALESCE(revision.published_at, product.listed_at),
    'frequency', made.frequency, 'licence', revision.source->>'licence', 'hasContact', true,
    'sources', made.sources, 'providers', made.providers, 'seller', seller.party_id, 'spatial', made.spatial,
    'grade', made.grade, 'sharing', made.sharing, 'priceKinds', offered.kinds, 'staleAt', offered.until,
    'regions', limits.regions, 'sectors', limits.sectors, 'domains', (
        SELECT jsonb_agg(DISTINCT scenario.domain) FROM scenario_product AS link
        JOIN scenario ON scenario.id = link.scenario_id WHERE link.product_id = product.id)))::text
FROM unnest($1::uuid[]) AS wanted (id)
JOIN product ON product.id = wanted.id
LEFT JOIN LATERAL (SELECT number, columns, media_type, published_at, source FROM product_revision
    WHERE product_id = product.id ORDER BY number DESC LIMIT 1) AS revision ON true
LEFT JOIN LATERAL (SELECT party_id FROM responsibility
    WHERE subject_id = product.id AND role = 'seller' AND upper_inf(valid) AND upper_inf(recorded)) AS seller ON true
LEFT JOIN LATERAL (
    SELECT jsonb_agg(DISTINCT kind) AS kinds, min(offered_until) AS until FROM offer
    WHERE product_id = product.id AND withdrawn_at IS NULL AND reserved_for IS NULL
        AND (offered_until IS NULL OR offered_until > $2)) AS offered ON true
LEFT JOIN LATERAL (
    SELECT jsonb_agg(DISTINCT code) FILTER (WHERE offered_condition.kind = 'region') AS regions,
        jsonb_agg(DISTINCT code) FILTER (WHERE offered_condition.kind = 'sector') AS sectors
    FROM offered_condition CROSS JOIN LATERAL jsonb_array_elements_text(CASE WHEN jsonb_typeof(value) = 'array' THEN value
        ELSE '[]' END) AS code
    WHERE product_id = product.id AND offered_condition.kind IN ('region', 'sector')) AS limits ON true
LEFT JOIN LATERAL (
    SELECT jsonb_agg(DISTINCT source.code) AS sources, jsonb_agg(DISTINCT organisation.party_id) AS providers,
        jsonb_agg(DISTINCT theme) FILTER (WHERE theme IS NOT NULL) AS themes,
        jsonb_agg(DISTINCT keyword) FILTER (WHERE keyword IS NOT NULL) AS keywords,
        max(version.document->>'spatial') AS spatial, max(version.document->>'updateFrequency') AS frequency,
        max(version.document->>'grade') AS grade, max(version.document->>'sharingClass') AS sharing
    FROM product_revision_source AS used
    JOIN directory_entry AS entry ON entry.id = used.entry_id
    JOIN directory_source AS source ON source.id = entry.source_id
    JOIN directory_entry_version AS version ON version.entry_id = used.entry_id AND version.number = used.entry_version
    LEFT JOIN LATERAL (SELECT party_id FROM responsibility
        WHERE subject_id = entry.id AND role IN ('provider', 'publisher') AND upper_inf(valid) AND upper_inf(recorded)
        ORDER BY role LIMIT 1) AS organisation ON true
    LEFT JOIN LATERAL jsonb_array_elements_text(version.document->'themes') AS theme ON true
    LEFT JOIN LATERAL jsonb_array_elements_text(version.document->'keywords') AS keyword ON true
    WHERE used.product_id = product.id AND used.number = revision.number) AS made ON true
WHERE product.listed_at IS NOT NULL AND product.delisted_at IS NULL;
