-- The events that an invoice counts as lines of its export, in the order of time, and each with itself as key. Of one meter
-- and period they are what the digest was made of. $1 enterprise_id, $2 invoice, $3 line to start after or null, $4 limit
SELECT counted.line, counted.line FROM (
    SELECT usage_line(event.occurred_at, event.id, usage.period, event.meter, event.quantity) COLLATE "C" AS line,
        event.occurred_at, event.id
    FROM invoice_usage AS usage
    JOIN any_usage_event AS event ON event.enterprise_id = usage.enterprise_id AND event.entitlement_id = usage.entitlement_id
        AND event.meter = usage.meter AND event.occurred_at BETWEEN usage.first_at AND usage.last_at
        AND event.recorded_at <@ usage.recorded
    WHERE usage.enterprise_id = $1 AND usage.invoice_id = $2 AND ($3::text IS NULL
        OR event.occurred_at >= split_part($3, ',', 1)::timestamptz)) AS counted
WHERE $3::text IS NULL OR counted.line > $3 COLLATE "C"
ORDER BY counted.occurred_at, counted.id LIMIT $4;
