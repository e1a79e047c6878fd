-- A party by its code, as JSON, with the names it had; no row: unknown. $1 code
SELECT json_strip_nulls(json_build_object(
    'code', party.code, 'scheme', party.scheme, 'name', party.name, 'name_zh', party.name_zh,
    'name_en', party.name_en, 'kind', party.kind, 'enterprise_kind', party.enterprise_kind,
    'industry_section', party.industry_section, 'province', party.province, 'synthetic', party.synthetic,
    'names', (SELECT json_agg(json_build_object('name', name, 'name_zh', name_zh, 'name_en', name_en,
            'since', lower(valid), 'until', upper(valid), 'recorded_at', lower(recorded), 'basis', basis) ORDER BY valid)
        FROM party_name WHERE party_id = party.id AND upper_inf(recorded)),
    'answers_for', COALESCE((
        SELECT json_agg(json_build_object('role', role, 'directory_entries', entries, 'products', products) ORDER BY role)
        FROM (SELECT role, count(entry_id) AS entries, count(product_id) AS products FROM responsibility
              WHERE party_id = party.id AND upper_inf(valid) AND upper_inf(recorded) GROUP BY role) AS roles),
        '[]'::json)))::text
FROM party WHERE party.code = $1;
