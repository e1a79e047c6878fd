-- What a figure over a panel was computed from, as JSON: how many purchases of its members had been accepted by a time as far
-- as was known by another, when the newest of them was recorded, and how far the market's log went. Of a panel with members that
-- exist purchases are null: they would tell what the figure does not. $1 panel code, $2 as of, $3 recorded by
WITH chosen AS (
    SELECT version.panel_id, version.number
    FROM panel
    JOIN panel_version AS version ON version.panel_id = panel.id AND version.recorded_at <= $3
    WHERE panel.code = $1 ORDER BY version.number DESC LIMIT 1
), member AS (
    SELECT party.id, member.synthetic OR COALESCE(party.synthetic, false) AS is_made_up
    FROM chosen JOIN panel_member AS member ON member.panel_id = chosen.panel_id AND member.version = chosen.number
    LEFT JOIN party ON party.scheme = 'uscc' AND party.identifier = member.enterprise_code
), known AS (
    SELECT count(*) AS purchases, max(purchase.recorded_at) AS recorded_at
    FROM member JOIN purchase ON purchase.enterprise_id = member.id AND purchase.accepted_at <= $2 AND purchase.recorded_at <= $3
    HAVING (SELECT bool_and(is_made_up) FROM member)
)
SELECT json_build_object('purchases', (SELECT purchases FROM known), 'recorded_at', (SELECT recorded_at FROM known),
    'log_size', COALESCE((SELECT max(size) FROM log_head), 0),
    'log_head', (SELECT encode(sha256, 'hex') FROM log_head ORDER BY size DESC LIMIT 1))::text
FROM chosen;
