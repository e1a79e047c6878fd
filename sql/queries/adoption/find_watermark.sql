-- What a figure over a panel was computed from, as JSON: how many purchases of its members had been accepted by a time as far
-- as was known by another, when the newest of them was recorded, and how far the market's log went. $1 panel code, $2 as of,
-- $3 recorded by
SELECT json_build_object('purchases', count(*), 'recorded_at', max(purchase.recorded_at),
    'log_size', COALESCE((SELECT max(size) FROM log_head), 0),
    'log_head', (SELECT encode(sha256, 'hex') FROM log_head ORDER BY size DESC LIMIT 1))::text
FROM (
    SELECT version.panel_id, version.number
    FROM panel
    JOIN panel_version AS version ON version.panel_id = panel.id AND version.recorded_at <= $3
    WHERE panel.code = $1 ORDER BY version.number DESC LIMIT 1
) AS chosen
JOIN panel_member AS member ON member.panel_id = chosen.panel_id AND member.version = chosen.number
JOIN party ON party.scheme = 'uscc' AND party.identifier = member.enterprise_code
JOIN purchase ON purchase.enterprise_id = party.id AND purchase.accepted_at <= $2 AND purchase.recorded_at <= $3;
