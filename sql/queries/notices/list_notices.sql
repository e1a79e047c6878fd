-- Notices to a party, unacknowledged first, then newest first: key (whether acknowledged, time, id) and JSON per row.
-- $1 party, $2 acknowledged, $3 time and $4 id to start after or null, $5 limit
SELECT (acknowledged_at IS NOT NULL) || ' ' || to_json(told_at)::text || ' ' || id, json_build_object('id', id,
    'kind', kind, 'address', address, 'message_zh', message_zh, 'message_en', message_en, 'told_at', told_at,
    'acknowledged_at', acknowledged_at)::text
FROM notice
WHERE party_id = $1 AND ($2::boolean IS NULL OR (acknowledged_at IS NOT NULL) > $2
    OR ((acknowledged_at IS NOT NULL) = $2 AND (told_at, id) < ($3::timestamptz, $4::uuid)))
ORDER BY acknowledged_at IS NOT NULL, told_at DESC, id DESC LIMIT $5;
