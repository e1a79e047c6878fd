-- Those enterprises whose first use no step tells of yet. $1 enterprises
SELECT DISTINCT enterprise.id FROM unnest($1::uuid[]) AS enterprise (id)
WHERE NOT EXISTS (SELECT FROM enterprise_step AS step WHERE step.enterprise_id = enterprise.id AND step.measure = 'used');
