-- Adds a party with a credit code, or corrects its names and class; answers its id.
-- $1 id, $2 credit code, $3 name zh, $4 name en, $5 kind, $6 enterprise kind, $7 industry section, $8 province,
-- $9 synthetic, $10 now
INSERT INTO party (id, code, scheme, identifier, name, name_zh, name_en, kind, enterprise_kind, industry_section,
    province, synthetic, recorded_at)
VALUES ($1, $2::text, 'uscc', $2, $3::text, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (code) DO UPDATE SET name = excluded.name, name_zh = excluded.name_zh, name_en = excluded.name_en,
    enterprise_kind = excluded.enterprise_kind, industry_section = excluded.industry_section,
    province = excluded.province
RETURNING id;
