-- A listed product with its newest revision, sources, offers open to all and scenarios, as JSON; no row: unknown, not
-- listed or delisted. `added` names the conditions of an offer that go beyond the directory. $1 code, $2 now
SELECT json_build_object(
    'code', product.code, 'title_zh', product.title_zh, 'title_en', product.title_en,
    'description_zh', product.description_zh, 'description_en', product.description_en,
    'kind', product.kind, 'use_class', product.use_class, 'listed_at', product.listed_at,
    'revision', json_build_object('number', revision.number, 'file_name', revision.file_name,
        'media_type', revision.media_type, 'rows', revision.rows, 'columns', revision.columns,
        'bytes', content.bytes, 'sha256', encode(revision.sha256, 'hex'),
        'source', revision.source, 'published_at', revision.published_at,
        'profile', '/v1/products/' || product.code || '/profile'),
    'directory_entries', COALESCE((
        SELECT json_agg(json_build_object('code', entry.code, 'version', used.entry_version, 'title', version.title,
            'basis', used.basis)
            ORDER BY entry.code)
        FROM product_revision_source AS used
        JOIN directory_entry AS entry ON entry.id = used.entry_id
        JOIN directory_entry_version AS version
            ON version.entry_id = used.entry_id AND version.number = used.entry_version
        WHERE used.product_id = product.id AND used.number = revision.number), '[]'::json),
    'offers', COALESCE((
        SELECT json_agg(offer_document.document || jsonb_build_object(
            'conditions', (SELECT COALESCE(jsonb_agg(jsonb_build_object('kind', kind, 'value', value, 'basis', basis)
                ORDER BY position), '[]') FROM offer_condition WHERE offer_condition.offer_id = offer.id),
            'added', (SELECT COALESCE(jsonb_agg(kind ORDER BY kind), '[]')
                FROM condition_flag WHERE condition_flag.offer_id = offer.id)) ORDER BY offer.price_minor, offer.code)
        FROM offer JOIN offer_document ON offer_document.id = offer.id
        WHERE offer.product_id = product.id AND offer.withdrawn_at IS NULL AND offer.reserved_for IS NULL
            AND (offer.offered_until IS NULL OR offer.offered_until > $2)), '[]'::json),
    'scenarios', COALESCE((
        SELECT json_agg(json_build_object('code', scenario.code, 'title_zh', scenario.title_zh,
            'title_en', scenario.title_en) ORDER BY scenario.code)
        FROM scenario_product JOIN scenario ON scenario.id = scenario_product.scenario_id
        WHERE scenario_product.product_id = product.id), '[]'::json))::text
FROM product
JOIN LATERAL (SELECT number, file_name, media_type, rows, columns, sha256, source, published_at
              FROM product_revision WHERE product_id = product.id ORDER BY number DESC LIMIT 1) AS revision ON true
JOIN content ON content.sha256 = revision.sha256
WHERE product.code = $1 AND product.listed_at IS NOT NULL AND product.delisted_at IS NULL;
