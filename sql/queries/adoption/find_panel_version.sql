-- A version of a panel: its number, and JSON; no row: there is none. $1 code of the panel, $2 version, or null for the newest
SELECT number, document::text FROM panel_version_document
WHERE code = $1 AND ($2::integer IS NULL OR number = $2) ORDER BY number DESC LIMIT 1;
