-- Notes the listed products that are made of entries or named by scenarios: their facets follow. $1 ids
INSERT INTO search_pending (kind, subject_id)
SELECT 'subject', source.product_id FROM unnest($1::uuid[]) AS changed (id)
JOIN product_revision_source AS source ON source.entry_id = changed.id
JOIN product ON product.id = source.product_id AND product.listed_at IS NOT NULL
UNION
SELECT 'subject', product_id FROM scenario_product WHERE scenario_id = ANY($1::uuid[]);
