-- Those enterprises that first used data by a step that is earlier known than what is noted of them, or of which nothing is. Steps
-- are added in the order in which they come, which is not always the one in which they became known. $1 enterprises
SELECT enterprise.id
FROM (SELECT DISTINCT id FROM unnest($1::uuid[]) AS enterprise (id)) AS enterprise
CROSS JOIN LATERAL (SELECT reached.recorded_at, reached.happened_at FROM funnel_step AS reached
    WHERE reached.enterprise_id = enterprise.id AND reached.step = 'used' ORDER BY 1, 2 LIMIT 1) AS used
LEFT JOIN LATERAL (SELECT step.recorded_at, step.happened_at FROM enterprise_step AS step
    WHERE step.enterprise_id = enterprise.id AND step.measure = 'used' ORDER BY 1, 2 LIMIT 1) AS noted ON true
WHERE (noted.recorded_at, noted.happened_at) IS DISTINCT FROM (used.recorded_at, used.happened_at);
