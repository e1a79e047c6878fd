-- Forgets recalls that nobody has used since a time, with their events: how many events they had.
-- $1 unused since, $2 after which enterprise_id, and $3 up to which; null: of all
WITH forgotten AS (
    DELETE FROM usage_recall
    WHERE used_at < $1 AND ($2::uuid IS NULL OR enterprise_id > $2) AND ($3::uuid IS NULL OR enterprise_id <= $3)
    RETURNING enterprise_id, month
), emptied AS (
    DELETE FROM recalled_usage USING forgotten JOIN usage_archive AS archive ON archive.month = forgotten.month
    WHERE recalled_usage.enterprise_id = forgotten.enterprise_id AND recalled_usage.occurred_at >= archive.since
        AND recalled_usage.occurred_at < archive.until
    RETURNING 1
)
SELECT count(*) FROM emptied;
