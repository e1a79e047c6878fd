-- One administration, departments, operators and enterprises of unevenly many sections, provinces and kinds, all marked synthetic,
-- with valid credit codes.
-- $1 seed, $2 departments, $3 operators, $4 enterprises, $5 time
INSERT INTO party (id, code, scheme, identifier, name, name_zh, name_en, kind, enterprise_kind, industry_section,
    province, synthetic, recorded_at)
SELECT seeded_uuid($1, made.kind, place), coded.code, 'uscc', coded.code, coded.name_zh, coded.name_zh,
    'Synthetic ' || made.english || ' ' || place, made.party_kind,
    CASE WHEN made.kind = 'enterprise' THEN (ARRAY['private', 'private', 'private', 'private', 'private', 'private', 'local_soe',
        'local_soe', 'central_soe', 'foreign', 'other'])[1 + seeded($1, place, 11)] END,
    CASE WHEN made.kind = 'enterprise' THEN chr(65 + floor(20 * seeded_share($1 + 1, place) ^ 2)::integer) END,
    (ARRAY['350000', '440000', '330000', '110000', '310000', '320000', '370000', '510000', '420000', '410000', '430000', '340000',
        '130000', '610000', '500000', '120000', '360000', '210000', '530000', '450000', '140000', '520000', '230000', '650000',
        '220000', '150000', '620000', '460000', '640000', '630000', '540000'])[1 + floor(31 * seeded_share($1 + 2, place) ^ 2)::integer],
    true, $5::timestamptz - interval '4 years'
FROM (VALUES ('administration', 1::bigint, '11', 'department', '合成·管理局', 'administration'),
             ('department', $2::bigint, '12', 'department', '合成·部门', 'department'),
             ('operator', $3::bigint, '91', 'operator', '合成·运营机构', 'operator'),
             ('enterprise', $4::bigint, '93', 'enterprise', '合成企业', 'enterprise'))
    AS made(kind, number, class, party_kind, chinese, english),
generate_series(1, made.number) AS place,
LATERAL (SELECT credit_code_of(made.class || '350000YY' || lpad(place::text, 7, '0')) AS code,
    made.chinese || place AS name_zh) AS coded;
