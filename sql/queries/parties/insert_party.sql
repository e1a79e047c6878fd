-- Adds a party with a credit code, or corrects its names and class; answers its id. The names it was known by until now
-- are kept on the recorded axis.
-- $1 id, $2 credit code, $3 name zh, $4 name en, $5 kind, $6 enterprise kind, $7 industry section, $8 province,
-- $9 synthetic, $10 now
WITH before AS MATERIALIZED (
    SELECT id, name, name_zh, name_en, recorded_at FROM party
    WHERE code = $2 AND (name, name_zh, name_en) IS DISTINCT FROM ($3::text, $3::text, $4::text) FOR UPDATE
), closed AS (
    UPDATE party_name SET recorded = tstzrange(lower(party_name.recorded), $10)
    FROM before
    WHERE party_id = before.id AND upper_inf(party_name.valid) AND upper_inf(party_name.recorded)
        AND lower(party_name.recorded) < $10
    RETURNING party_id, valid
), kept AS (
    INSERT INTO party_name (party_id, name, name_zh, name_en, valid, recorded, basis)
    SELECT before.id, before.name, before.name_zh, before.name_en, tstzrange(NULL, NULL),
        tstzrange(before.recorded_at, $10), 'as first recorded'
    FROM before WHERE before.recorded_at < $10 AND NOT EXISTS (SELECT FROM party_name WHERE party_id = before.id)
    UNION ALL
    SELECT before.id, $3, $3, $4, COALESCE(closed.valid, tstzrange(NULL, NULL)), tstzrange($10, NULL),
        'correction of the list of bodies'
    FROM before LEFT JOIN closed ON closed.party_id = before.id
)
INSERT INTO party (id, code, scheme, identifier, name, name_zh, name_en, kind, enterprise_kind, industry_section,
    province, synthetic, recorded_at)
VALUES ($1, $2::text, 'uscc', $2, $3::text, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (code) DO UPDATE SET name = excluded.name, name_zh = excluded.name_zh, name_en = excluded.name_en,
    enterprise_kind = excluded.enterprise_kind, industry_section = excluded.industry_section,
    province = excluded.province
RETURNING id;
