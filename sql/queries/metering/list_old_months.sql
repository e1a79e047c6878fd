-- Months of usage that are in the database and wholly older than their retention, and than any late event may be, oldest first:
-- first days. No row either when no retention is in force. $1 now
WITH kept AS (
    SELECT ($1::timestamptz AT TIME ZONE 'UTC' - make_interval(months => policy.value::integer)) AT TIME ZONE 'UTC' AS since,
        $1 - (SELECT COALESCE(max(accepted_for), '0') FROM meter) - interval '1 day' AS accepted_since
    FROM policy WHERE policy.rule = 'usage_retention' AND policy.effective @> legal_day($1)
), month AS (
    SELECT to_date(right(partition.relname, 7), 'YYYY_MM') AS first_day
    FROM pg_inherits JOIN pg_class AS partition ON partition.oid = pg_inherits.inhrelid
    WHERE pg_inherits.inhparent = 'usage_event'::regclass AND partition.relname ~ '^usage_event_[0-9]{4}_[0-9]{2}$'
    UNION
    -- From before the first partition.
    SELECT date_trunc('month', occurred_at AT TIME ZONE 'UTC')::date FROM usage_event_default
)
SELECT month.first_day::text FROM month, kept
WHERE (month.first_day + interval '1 month') AT TIME ZONE 'UTC' <= LEAST(kept.since, kept.accepted_since)
    AND NOT EXISTS (SELECT FROM usage_archive AS archive WHERE archive.month = month.first_day)
ORDER BY month.first_day;
