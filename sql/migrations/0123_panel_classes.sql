-- A panel is dated, and so are the classes of its members: a party that is put into another one later must not change what a
-- panel gave before. For panels of old the classes of today are the best that is known.
ALTER TABLE panel_member ADD industry_section text, ADD province text, ADD enterprise_kind text, ADD synthetic boolean;
UPDATE panel_member SET (industry_section, province, enterprise_kind, synthetic) = (
    SELECT industry_section, province, enterprise_kind, synthetic FROM party WHERE id = enterprise_id);
ALTER TABLE panel_member ALTER synthetic SET NOT NULL;
