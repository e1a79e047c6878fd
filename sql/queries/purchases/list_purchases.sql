-- Purchases of an enterprise, newest first: key (the id, which grows with time) and JSON per row.
-- $1 enterprise, $2 state or null, $3 id to start below or null, $4 limit
SELECT id::text, document::text
FROM purchase_document
WHERE enterprise_id = $1 AND ($2::text IS NULL OR state = $2) AND ($3::uuid IS NULL OR id < $3)
ORDER BY id DESC LIMIT $4;
