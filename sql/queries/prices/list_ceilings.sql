-- Price ceilings of a product, the last recorded first: key and JSON per row. $1 product code, $2 now,
-- $3 id to start below or null, $4 limit
SELECT price_ceiling.id::text, json_build_object('id', price_ceiling.id, 'unit', price_ceiling.unit,
    'unit_zh', COALESCE(meter.title_zh, CASE price_ceiling.unit WHEN 'product' THEN '一次采购' WHEN 'month' THEN '每月'
        WHEN 'quarter' THEN '每季度' ELSE '每年' END),
    'unit_en', COALESCE(meter.title_en, CASE price_ceiling.unit WHEN 'product' THEN 'A purchase' WHEN 'month' THEN 'A month'
        WHEN 'quarter' THEN 'A quarter' ELSE 'A year' END),
    'ceiling_minor', trim_scale(price_ceiling.ceiling_minor), 'currency', price_ceiling.currency,
    'approval', price_ceiling.approval, 'authority', authority.code, 'authority_zh', authority.name_zh,
    'authority_en', authority.name_en, 'since', lower(price_ceiling.valid), 'until', upper(price_ceiling.valid) - 1,
    'is_trial', price_ceiling.is_trial, 'in_force', price_ceiling.valid @> legal_day($2),
    'recorded_at', price_ceiling.recorded_at)::text
FROM price_ceiling JOIN product ON product.id = price_ceiling.product_id
JOIN party AS authority ON authority.id = price_ceiling.authority_id
LEFT JOIN meter ON meter.code = price_ceiling.meter
WHERE product.code = $1 AND ($3::uuid IS NULL OR price_ceiling.id < $3)
ORDER BY price_ceiling.id DESC LIMIT $4;
