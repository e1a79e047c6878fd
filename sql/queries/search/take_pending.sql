-- The oldest of what changed. $1 limit
DELETE FROM search_pending WHERE id IN (SELECT id FROM search_pending ORDER BY id LIMIT $1)
RETURNING kind, subject_id;
