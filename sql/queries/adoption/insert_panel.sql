-- A dated panel; answers its id, or no row when its code is taken. $1 id, $2 code, $3 title zh, $4 title en,
-- $5 date, $6 now
INSERT INTO panel (id, code, title_zh, title_en, dated_on, recorded_at) VALUES ($1, $2, $3, $4, $5::date, $6)
ON CONFLICT (code) DO NOTHING RETURNING id;
