-- The newest revisions that were published without being made a table: product, number, file name, media type, sha256,
-- columns, keys; none for a session that is not the one at it. $1 limit
SELECT revision.product_id, revision.number, revision.file_name, revision.media_type, revision.sha256, revision.columns,
    revision.keys
FROM (SELECT pg_try_advisory_xact_lock(142, 1) AS is_mine OFFSET 0) AS lock, product_revision AS revision
WHERE is_mine AND revision.media_type LIKE 'text/csv%' AND revision.columns <> '[]'
    AND NOT EXISTS (SELECT FROM revision_table AS made
        WHERE made.product_id = revision.product_id AND made.number = revision.number)
    AND NOT EXISTS (SELECT FROM revision_without_table AS tried
        WHERE tried.product_id = revision.product_id AND tried.number = revision.number)
ORDER BY revision.published_at, revision.product_id, revision.number LIMIT $1;
