-- Every panel with its size, by code: key and JSON per row. $1 code to start after or null, $2 limit
SELECT panel.code, json_build_object('code', panel.code, 'title_zh', panel.title_zh, 'title_en', panel.title_en,
    'dated_on', panel.dated_on, 'members', (SELECT count(*) FROM panel_member WHERE panel_id = panel.id))::text
FROM panel WHERE $1::text IS NULL OR panel.code > $1 ORDER BY panel.code LIMIT $2;
