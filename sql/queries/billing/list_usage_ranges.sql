-- Where the events behind an invoice lie: entitlement, first and last time. $1 enterprise_id, $2 invoice
SELECT entitlement_id, min(first_at), max(last_at) FROM invoice_usage AS usage
WHERE usage.enterprise_id = $1 AND usage.invoice_id = $2 GROUP BY entitlement_id;
