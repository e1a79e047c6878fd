-- A party as an invoice keeps it.
CREATE OR REPLACE FUNCTION billing_party(party party) RETURNS jsonb LANGUAGE sql STABLE
RETURN jsonb_build_object('code', party.code, 'scheme', party.scheme, 'identifier', party.identifier, 'name', party.name,
    'name_zh', party.name_zh, 'name_en', party.name_en, 'province', party.province, 'synthetic', party.synthetic);
