-- A member of a panel, by its credit code, with the classes it has now; no row when no enterprise has it. $1 panel, $2 credit
-- code, $3 reason
INSERT INTO panel_member (panel_id, enterprise_id, reason, industry_section, province, enterprise_kind, synthetic)
SELECT $1, id, $3, industry_section, province, enterprise_kind, synthetic
FROM party WHERE code = $2 AND kind = 'enterprise'
RETURNING enterprise_id;
