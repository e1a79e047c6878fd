-- The id of a panel, which is made when its code is new; until the transaction ends nobody else records a version of it.
-- $1 id when it is new, $2 code
INSERT INTO panel (id, code) VALUES ($1, $2)
ON CONFLICT (code) DO UPDATE SET code = excluded.code
RETURNING id;
