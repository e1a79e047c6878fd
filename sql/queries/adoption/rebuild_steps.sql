-- Adds the steps of every enterprise to none.
INSERT INTO enterprise_step (enterprise_id, measure, standing, cohort, happened_at, recorded_at, change)
SELECT party.id, history.measure, history.standing, history.cohort, history.happened_at, history.recorded_at, history.change
FROM party CROSS JOIN LATERAL standing_history(party.id) AS history
ORDER BY party.id;
