-- Notes that recalls are in use. $1 enterprise_ids, $2 first days of their months
UPDATE usage_recall SET used_at = transaction_timestamp()
FROM unnest($1::uuid[], $2::date[]) AS used (enterprise_id, month)
WHERE usage_recall.enterprise_id = used.enterprise_id AND usage_recall.month = used.month;
