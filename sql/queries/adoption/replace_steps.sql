-- Keeps the steps of enterprises as their purchases have them now. $1 enterprises
WITH wanted AS MATERIALIZED (
    SELECT party.id, party.industry_section, party.province, party.enterprise_kind, history.*
    FROM unnest($1::uuid[]) AS enterprise (id) JOIN party ON party.id = enterprise.id
    CROSS JOIN LATERAL standing_history(party.id) AS history
), gone AS (
    DELETE FROM enterprise_step AS step WHERE step.enterprise_id = ANY ($1) AND step.measure <> 'used' AND NOT EXISTS (SELECT FROM wanted
        WHERE wanted.id = step.enterprise_id AND wanted.measure = step.measure AND wanted.standing = step.standing
            AND wanted.happened_at = step.happened_at AND wanted.recorded_at = step.recorded_at)
)
INSERT INTO enterprise_step AS step (enterprise_id, measure, standing, happened_at, recorded_at, change, industry_section,
    province, enterprise_kind)
SELECT id, measure, standing, happened_at, recorded_at, change, industry_section, province, enterprise_kind FROM wanted
ON CONFLICT (enterprise_id, measure, standing, happened_at, recorded_at) DO UPDATE SET change = excluded.change
WHERE step.change <> excluded.change;
