-- Withdraws an offer that stands; no row when it does not. $1 code, $2 now
UPDATE offer SET withdrawn_at = $2 WHERE code = $1 AND withdrawn_at IS NULL;
