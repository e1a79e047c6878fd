-- What a figure over a panel was computed from, as JSON: how many purchases of its enterprises had been accepted by a time as
-- far as was known by another, when the newest of them was recorded, and how far the market's log went. $1 panel code, $2 as
-- of, $3 recorded by
SELECT json_build_object('purchases', count(*), 'recorded_at', max(purchase.recorded_at),
    'log_size', COALESCE((SELECT max(size) FROM log_head), 0),
    'log_head', (SELECT encode(sha256, 'hex') FROM log_head ORDER BY size DESC LIMIT 1))::text
FROM panel
JOIN panel_member ON panel_member.panel_id = panel.id
JOIN purchase ON purchase.enterprise_id = panel_member.enterprise_id
    AND purchase.accepted_at <= $2 AND purchase.recorded_at <= $3
WHERE panel.code = $1;
