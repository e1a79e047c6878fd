-- The newest revisions with a table that have no profile by the present rules: product, number, content and declared columns
-- as JSON; none for a session that is not the one at it. $1 rules, $2 limit
SELECT product_id, number, sha256, columns
FROM (SELECT pg_try_advisory_xact_lock(93, 2) AS is_mine OFFSET 0) AS lock, product_revision
WHERE is_mine AND media_type LIKE 'text/csv%'
    -- What was uploaded may be larger than memory; the table engine profiles it.
    AND NOT EXISTS (SELECT FROM revision_upload AS sent
        WHERE sent.product_id = product_revision.product_id AND sent.number = product_revision.number)
    AND NOT EXISTS (
    SELECT FROM product_revision_profile AS profile
    WHERE profile.product_id = product_revision.product_id AND profile.number = product_revision.number
        AND profile.rules >= $1)
ORDER BY published_at DESC, product_id LIMIT $2;
