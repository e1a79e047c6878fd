-- Totals by meter of an entitlement, as JSON, from the totals of its days; no row: not the enterprise's own.
-- $1 enterprise, $2 entitlement
SELECT COALESCE((
    SELECT json_agg(json_build_object('meter', meter, 'events', events, 'quantity', quantity, 'bytes', bytes)
        ORDER BY meter)
    FROM (SELECT meter, sum(events) AS events, sum(quantity) AS quantity, sum(bytes) AS bytes FROM usage_total
          WHERE enterprise_id = $1 AND entitlement_id = $2 GROUP BY meter) AS totals), '[]'::json)::text
FROM entitlement WHERE enterprise_id = $1 AND id = $2;
