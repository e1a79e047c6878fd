-- Adds the steps of every enterprise to none.
INSERT INTO enterprise_step (enterprise_id, measure, standing, cohort, happened_at, recorded_at, change, industry_section, province,
    enterprise_kind)
SELECT party.id, history.measure, history.standing, history.cohort, history.happened_at, history.recorded_at, history.change,
    party.industry_section, party.province, party.enterprise_kind
FROM party CROSS JOIN LATERAL standing_history(party.id) AS history
ORDER BY party.id;
