-- Since when the newest policy of a rule is in force; no row: there is none. $1 rule
SELECT lower(effective)::text FROM policy WHERE rule = $1 ORDER BY effective DESC LIMIT 1;
