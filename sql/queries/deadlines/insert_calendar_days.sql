-- The days of a year. $1 days, $2 whether each is a working day, $3 names zh, $4 names en, $5 source, $6 verified
INSERT INTO calendar_day (day, is_working, name_zh, name_en, source, verified)
SELECT stated.day, stated.is_working, stated.name_zh, stated.name_en, $5, $6
FROM unnest($1::date[], $2::boolean[], $3::text[], $4::text[]) AS stated(day, is_working, name_zh, name_en);
