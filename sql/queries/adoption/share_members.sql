-- Whether two panels, as they were known by a time, have an enterprise in common that is in the market and not made
-- up; of a panel and itself, whether it has any. $1 code, $2 code, $3 recorded by
WITH chosen AS (
    SELECT DISTINCT ON (panel.code) panel.code, panel.id, version.number
    FROM panel JOIN panel_version AS version ON version.panel_id = panel.id AND version.recorded_at <= $3
    WHERE panel.code IN ($1, $2) ORDER BY panel.code, version.number DESC
), member AS (
    SELECT chosen.code, member.enterprise_code
    FROM chosen JOIN panel_member AS member ON member.panel_id = chosen.id AND member.version = chosen.number
    JOIN party ON party.scheme = 'uscc' AND party.identifier = member.enterprise_code
    WHERE NOT member.synthetic AND NOT party.synthetic
)
SELECT EXISTS (SELECT FROM member AS one JOIN member AS other USING (enterprise_code) WHERE one.code = $1 AND other.code = $2);
