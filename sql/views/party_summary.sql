-- A party as other documents quote it.
CREATE OR REPLACE VIEW party_summary AS
SELECT id,
    json_strip_nulls(json_build_object(
        'code', code, 'name', name, 'name_zh', name_zh, 'name_en', name_en, 'kind', kind,
        'synthetic', synthetic)) AS document
FROM party;
