-- Acknowledges a notice, the first time counts; answers it as JSON. No row: the party has no such notice.
-- $1 party, $2 notice, $3 now
UPDATE notice SET acknowledged_at = COALESCE(acknowledged_at, greatest($3, told_at))
WHERE party_id = $1 AND id = $2
RETURNING json_build_object('id', id, 'kind', kind, 'address', address, 'message_zh', message_zh,
    'message_en', message_en, 'told_at', told_at, 'acknowledged_at', acknowledged_at)::text;
