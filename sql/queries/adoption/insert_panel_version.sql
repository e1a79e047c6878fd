-- The next version of a panel; answers its number, or no row when the newest one is of the same file, titles and date. The
-- caller holds the panel's lock. $1 panel, $2 title zh, $3 title en, $4 date, $5 now, $6 party or null, $7 SHA-256 of the
-- file, $8 number of members
WITH newest AS (
    SELECT number, title_zh, title_en, dated_on, recorded_at, sha256
    FROM panel_version WHERE panel_id = $1 ORDER BY number DESC LIMIT 1
)
INSERT INTO panel_version (panel_id, number, title_zh, title_en, dated_on, recorded_at, recorded_by, sha256, members)
-- Servers' clocks differ a little: a later version is never recorded before an earlier one.
SELECT $1, COALESCE((SELECT number FROM newest), 0) + 1, $2, $3, $4::date,
    GREATEST($5::timestamptz, (SELECT recorded_at FROM newest)), $6, $7, $8
WHERE NOT EXISTS (
    SELECT FROM newest WHERE sha256 = $7 AND title_zh = $2 AND title_en = $3 AND dated_on = $4::date)
RETURNING number;
