-- The days of a year that differ from "Monday to Friday are working days": key and JSON per row.
-- $1 year, $2 day to start after or null, $3 limit
SELECT calendar_day.day::text, json_build_object('day', day, 'is_working', is_working, 'name_zh', name_zh,
    'name_en', name_en, 'source', source, 'verified', verified)::text
FROM calendar_day
WHERE day >= make_date($1, 1, 1) AND day < make_date($1 + 1, 1, 1) AND ($2::date IS NULL OR day > $2)
ORDER BY day LIMIT $3;
