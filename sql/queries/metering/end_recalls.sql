-- Notes when recalls are there, not when they began: readings that were under way look at it.
-- $1 enterprise_ids, $2 first days of their months
UPDATE usage_recall SET recalled_at = clock_timestamp()
FROM unnest($1::uuid[], $2::date[]) AS done (enterprise_id, month)
WHERE usage_recall.enterprise_id = done.enterprise_id AND usage_recall.month = done.month;
