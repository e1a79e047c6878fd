-- The mark of an entitlement's copies and the seed of their order, made when they are first asked for.
-- $1 enterprise, $2 entitlement, $3 mark, $4 seed, $5 now
WITH made AS (
    INSERT INTO entitlement_mark (enterprise_id, entitlement_id, mark, seed, made_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (enterprise_id, entitlement_id) DO NOTHING RETURNING mark, seed
)
SELECT mark, encode(seed, 'hex') FROM made
UNION ALL SELECT mark, encode(seed, 'hex') FROM entitlement_mark WHERE enterprise_id = $1 AND entitlement_id = $2 LIMIT 1;
