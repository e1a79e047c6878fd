-- The members of a version of a panel, by credit code, each with its party where it is one of the market: key and JSON per
-- row. $1 code of the panel, $2 version, $3 credit code to start after or null, $4 limit
SELECT member.enterprise_code, json_build_object('enterprise_code', member.enterprise_code, 'name', member.name,
    'reason', member.reason, 'section', member.industry_section, 'province', member.province,
    'enterprise_kind', member.enterprise_kind, 'group', member.enterprise_group, 'synthetic', member.synthetic,
    'party', party_summary.document)::text
FROM panel
JOIN panel_member AS member ON member.panel_id = panel.id AND member.version = $2
LEFT JOIN party ON party.scheme = 'uscc' AND party.identifier = member.enterprise_code
LEFT JOIN party_summary ON party_summary.id = party.id
WHERE panel.code = $1 AND ($3::text IS NULL OR member.enterprise_code > $3)
ORDER BY member.enterprise_code LIMIT $4;
