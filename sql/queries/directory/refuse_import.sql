-- Ends an import whose file was refused as a whole. $1 import, $2 why, $3 now
UPDATE directory_import SET state = 'refused', refusal = $2, finished_at = greatest($3::timestamptz, started_at)
WHERE id = $1 AND state = 'reading';
