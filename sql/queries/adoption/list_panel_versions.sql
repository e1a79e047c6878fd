-- The versions of a panel, newest first: key and JSON per row. $1 code of the panel, $2 number to start before or null,
-- $3 limit
SELECT number::text, document::text FROM panel_version_document
WHERE code = $1 AND ($2::integer IS NULL OR number < $2) ORDER BY number DESC LIMIT $3;
