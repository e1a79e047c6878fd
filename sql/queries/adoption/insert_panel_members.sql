-- The members of a version of a panel. What the file does not say of one is as the market knows its party now, if it has
-- one. $1 panel, $2 version, $3 credit codes, $4 names, $5 reasons, $6 sections, $7 provinces, $8 kinds of enterprise,
-- $9 groups
INSERT INTO panel_member (panel_id, version, enterprise_code, name, reason, industry_section, province, enterprise_kind,
    enterprise_group, synthetic)
SELECT $1, $2, stated.code, COALESCE(stated.name, party.name), stated.reason,
    COALESCE(stated.section, party.industry_section), COALESCE(stated.province, party.province),
    COALESCE(stated.kind, party.enterprise_kind), stated.group_of, COALESCE(party.synthetic, false)
FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
    AS stated(code, name, reason, section, province, kind, group_of)
LEFT JOIN party ON party.scheme = 'uscc' AND party.identifier = stated.code;
