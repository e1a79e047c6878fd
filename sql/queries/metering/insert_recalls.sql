-- Claims the recall of months of enterprises: those that nobody else has recalled, nor does just now.
-- $1 enterprise_ids, $2 first days of their months
INSERT INTO usage_recall (enterprise_id, month, recalled_at, used_at)
SELECT asked.enterprise_id, asked.month, transaction_timestamp(), transaction_timestamp()
FROM unnest($1::uuid[], $2::date[]) AS asked (enterprise_id, month) ORDER BY asked.enterprise_id, asked.month
ON CONFLICT (enterprise_id, month) DO NOTHING
RETURNING enterprise_id, month::text;
