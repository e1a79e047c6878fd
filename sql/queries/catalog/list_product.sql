-- Lists a product if nothing blocks it; no row affected: something does (list_blockers tells), or it is listed already.
-- $1 product, $2 now
UPDATE product SET listed_at = $2, delisted_at = NULL
WHERE id = $1 AND (listed_at IS NULL OR delisted_at IS NOT NULL)
    AND NOT EXISTS (SELECT FROM product_blocker($1, $2));
