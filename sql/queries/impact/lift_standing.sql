-- Lifts the suspensions by the given entries or by the consents for them, or of the given product, whose listing can stand
-- again.
-- $1 entries, $2 product or null, $3 reason, $4 now
UPDATE product_suspension AS suspension SET lifted_at = $4, lifting_reason = $3
WHERE suspension.cause IN ('upstream', 'consent') AND suspension.lifted_at IS NULL
    AND (suspension.entry_id = ANY($1::uuid[]) OR suspension.product_id = $2)
    AND NOT EXISTS (SELECT FROM upstream_obstacle($4) AS obstacle WHERE obstacle.product_id = suspension.product_id
                    AND obstacle.entry_id = suspension.entry_id)
    AND NOT EXISTS (SELECT FROM obtained_source(suspension.product_id, $4) AS source
                    WHERE source.entry_id = suspension.entry_id AND source.until IS NULL);
