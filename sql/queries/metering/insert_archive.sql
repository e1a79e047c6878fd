-- An archived month. $1 first day, $2 sha256, $3 rows
INSERT INTO usage_archive (month, sha256, rows, archived_at) VALUES ($1::date, $2, $3, clock_timestamp());
