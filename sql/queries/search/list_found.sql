-- What a result shows of entries, products and scenarios: id, JSON, and titles and descriptions with their languages; those
-- that are gone meanwhile are left out. $1 ids of entries, $2 of products, $3 of scenarios, $4 now
SELECT entry.id, jsonb_strip_nulls(jsonb_build_object('kind', 'entry', 'code', entry.code,
    'titles', shown.titles,
    'provider', (SELECT party_summary.document FROM responsibility
        JOIN party_summary ON party_summary.id = responsibility.party_id
        WHERE subject_id = entry.id AND role IN ('provider', 'publisher') AND upper_inf(valid) AND upper_inf(recorded)
        ORDER BY role LIMIT 1),
    'source', (SELECT source.code FROM directory_source AS source WHERE source.id = entry.source_id),
    'updated', COALESCE(shown.modified, shown.issued), 'since', lower(validity.valid), 'grade', shown.grade,
    'sharing_class', shown."sharingClass"))::text,
    ARRAY(SELECT COALESCE(stated->>'text', '') FROM jsonb_array_elements(shown.titles) AS stated),
    ARRAY(SELECT COALESCE(stated->>'language', '') FROM jsonb_array_elements(shown.titles) AS stated),
    ARRAY(SELECT COALESCE(left(stated->>'text', 600), '') FROM jsonb_array_elements(shown.descriptions) AS stated),
    ARRAY(SELECT COALESCE(stated->>'language', '') FROM jsonb_array_elements(shown.descriptions) AS stated)
FROM directory_entry AS entry
CROSS JOIN LATERAL (
    SELECT number, valid FROM directory_entry_validity
    WHERE entry_id = entry.id AND upper_inf(valid) AND upper_inf(recorded) LIMIT 1) AS validity
JOIN directory_entry_version AS version ON version.entry_id = entry.id AND version.number = validity.number
-- The document is unpacked once, not for each member.
CROSS JOIN LATERAL jsonb_to_record(version.document) AS shown (titles jsonb, descriptions jsonb, modified text, issued text,
    grade text, "sharingClass" text)
WHERE entry.id = ANY($1::uuid[])
UNION ALL
SELECT product.id, jsonb_strip_nulls(jsonb_build_object('kind', 'product', 'code', product.code,
    'titles', jsonb_build_array(jsonb_build_object('text', product.title_zh, 'language', 'zh'),
        jsonb_build_object('text', product.title_en, 'language', 'en')),
    'seller', (SELECT party_summary.document FROM responsibility
        JOIN party_summary ON party_summary.id = responsibility.party_id
        WHERE subject_id = product.id AND role = 'seller' AND upper_inf(valid) AND upper_inf(recorded)),
    'product_kind', product.kind, 'use_class', product.use_class, 'listed_at', product.listed_at, 'updated', (
        SELECT max(published_at) FROM product_revision WHERE product_id = product.id),
    'lowest_price', (SELECT jsonb_build_object('minor_units', offer.price_minor, 'currency', offer.currency)
        FROM offer WHERE offer.product_id = product.id AND offer.withdrawn_at IS NULL AND offer.reserved_for IS NULL
            AND offer.kind <> 'metered' AND (offer.offered_until IS NULL OR offer.offered_until > $4)
        ORDER BY offer.price_minor LIMIT 1)))::text,
    ARRAY[product.title_zh, product.title_en], ARRAY['zh', 'en'],
    ARRAY[left(product.description_zh, 600), left(product.description_en, 600)], ARRAY['zh', 'en']
FROM product WHERE product.id = ANY($2::uuid[]) AND product.listed_at IS NOT NULL AND product.delisted_at IS NULL
UNION ALL
SELECT scenario.id, jsonb_strip_nulls(jsonb_build_object('kind', 'scenario', 'code', scenario.code,
    'titles', jsonb_build_array(jsonb_build_object('text', scenario.title_zh, 'language', 'zh'),
        jsonb_build_object('text', scenario.title_en, 'language', 'en')),
    'domain', scenario.domain, 'batch', scenario.batch, 'updated', scenario.published_on))::text,
    ARRAY[scenario.title_zh, scenario.title_en], ARRAY['zh', 'en'],
    ARRAY(SELECT COALESCE(left(value, 600), '') FROM jsonb_each_text(scenario.document->'summary') ORDER BY key),
    ARRAY(SELECT key FROM jsonb_each_text(scenario.document->'summary') ORDER BY key)
FROM scenario WHERE scenario.id = ANY($3::uuid[]);
