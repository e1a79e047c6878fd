-- The id and kind of the party with a code; no row: unknown. $1 code
SELECT id, kind FROM party WHERE code = $1;
