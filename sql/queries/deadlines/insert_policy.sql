-- A policy from a day on. $1 rule, $2 day, $3 title zh, $4 title en, $5 days or null, $6 unit, $7 extension in days or null,
-- $8 article or null, $9 source, $10 verified, $11 party, $12 now, $13 another number than days, or null
INSERT INTO policy (rule, effective, title_zh, title_en, days, unit, extension_days, article, source, verified,
    recorded_by, recorded_at, value)
VALUES ($1, daterange($2::date, NULL), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::numeric)
ON CONFLICT DO NOTHING;
