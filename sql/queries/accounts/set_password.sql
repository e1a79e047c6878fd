-- Gives a name a password, or another one. $1 name, $2 id, $3 party, $4 role, $5 salt, $6 cost, $7 block size,
-- $8 parallelization, $9 hash, $10 now
INSERT INTO portal_password (name, id, party_id, role, salt, cost, block_size, parallelization, hash, set_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (name) DO UPDATE
SET id = excluded.id, party_id = excluded.party_id, role = excluded.role, salt = excluded.salt, cost = excluded.cost,
    block_size = excluded.block_size, parallelization = excluded.parallelization, hash = excluded.hash,
    set_at = excluded.set_at;
