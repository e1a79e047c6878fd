-- The decision on a flagged condition, null when it is open; no row: unknown. $1 flag
SELECT decision FROM condition_flag WHERE id = $1;
