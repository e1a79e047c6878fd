-- The newest revision with a table that has no profile by the present rules: product, number, content and declared columns
-- as JSON; no row: all have one. $1 rules
SELECT product_id, number, sha256, columns
FROM product_revision
WHERE media_type LIKE 'text/csv%' AND NOT EXISTS (
    SELECT FROM product_revision_profile AS profile
    WHERE profile.product_id = product_revision.product_id AND profile.number = product_revision.number
        AND profile.rules >= $1)
ORDER BY published_at DESC, product_id LIMIT 1;
