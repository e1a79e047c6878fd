-- Forgets the days of a year, which insert_calendar_days states anew in the same transaction. $1 year
DELETE FROM calendar_day WHERE day >= make_date($1, 1, 1) AND day < make_date($1 + 1, 1, 1);
