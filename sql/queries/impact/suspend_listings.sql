-- Suspends the listings that can no longer stand on the given entries; nothing where they are suspended for that already.
-- $1 entries, $2 now
INSERT INTO product_suspension (id, product_id, cause, reason_zh, reason_en, entry_id, suspended_at)
SELECT gen_random_uuid(), obstacle.product_id, 'upstream',
    entry.code || '：' || string_agg(obstacle.reason_zh, '；' ORDER BY obstacle.kind),
    entry.code || ': ' || string_agg(obstacle.reason_en, '; ' ORDER BY obstacle.kind), obstacle.entry_id, $2
FROM upstream_obstacle($2) AS obstacle JOIN directory_entry AS entry ON entry.id = obstacle.entry_id
WHERE obstacle.entry_id = ANY($1::uuid[])
GROUP BY obstacle.product_id, obstacle.entry_id, entry.code
ON CONFLICT DO NOTHING;
