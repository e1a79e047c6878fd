-- A password as it is kept; no row: nobody has the name. $1 name
SELECT id, salt, cost, block_size, parallelization, hash FROM portal_password WHERE name = $1;
