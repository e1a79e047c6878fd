-- Every panel as its newest version is, by code: key and JSON per row. $1 code to start after or null, $2 limit
SELECT panel.code, newest.document::text
FROM panel
CROSS JOIN LATERAL (SELECT document FROM panel_version_document AS version WHERE version.panel_id = panel.id
    ORDER BY version.number DESC LIMIT 1) AS newest
WHERE $1::text IS NULL OR panel.code > $1 ORDER BY panel.code LIMIT $2;
