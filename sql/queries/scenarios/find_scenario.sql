-- A published scenario with its document, products and directory entries, as JSON; no row: unknown. $1 code
SELECT json_strip_nulls(json_build_object('code', scenario.code, 'batch', scenario.batch,
    'title_zh', scenario.title_zh, 'title_en', scenario.title_en, 'domain', scenario.domain,
    'published_on', scenario.published_on, 'revision', scenario.revision, 'recorded_at', scenario.recorded_at,
    'publisher', party_summary.document, 'document', scenario.document,
    'products', COALESCE((SELECT json_agg(json_build_object('code', product.code, 'title_zh', product.title_zh,
            'title_en', product.title_en, 'note', scenario_product.note) ORDER BY product.code)
        FROM scenario_product JOIN product ON product.id = scenario_product.product_id
        WHERE scenario_product.scenario_id = scenario.id AND product.listed_at IS NOT NULL AND product.delisted_at IS NULL), '[]'::json),
    'directory_entries', COALESCE((SELECT json_agg(entry.code ORDER BY entry.code)
        FROM scenario_entry JOIN directory_entry AS entry ON entry.id = scenario_entry.entry_id
        WHERE scenario_entry.scenario_id = scenario.id), '[]'::json)))::text
FROM scenario JOIN party_summary ON party_summary.id = scenario.publisher_id
WHERE scenario.code = $1;
