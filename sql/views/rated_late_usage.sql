-- What usage that came after its period was closed adds to that period's price, period by period: the price of all its usage
-- by the same plan, less what was billed of the period, and never less than nothing.
CREATE OR REPLACE FUNCTION rated_late_usage(enterprise uuid, purchase uuid, entitlement uuid, offer uuid, facts jsonb)
RETURNS TABLE (period integer, net bigint) LANGUAGE sql STABLE AS $$
    SELECT stated.period, GREATEST(0, (SELECT sum(price.net_minor)
        FROM rate_period(offer, closed.kind = 'trial', closed.share, stated.usage) AS price) - (
            SELECT COALESCE(sum(line.net_minor), 0)
            FROM invoice
            JOIN invoice_line AS line ON line.enterprise_id = invoice.enterprise_id AND line.invoice_id = invoice.id
            WHERE invoice.enterprise_id = enterprise AND invoice.purchase_id = purchase AND line.period = stated.period
        ))::bigint
    FROM (
        SELECT used.period, jsonb_object_agg(used.meter, used.quantity) AS usage
        FROM (
            SELECT parts.period, parts.meter, sum(parts.quantity) AS quantity
            FROM (
                SELECT (fact ->> 'period')::integer AS period, fact ->> 'meter' AS meter, (fact ->> 'quantity')::numeric AS quantity
                FROM jsonb_array_elements(facts) AS fact
                UNION ALL
                SELECT usage.period, usage.meter, usage.quantity FROM invoice_usage AS usage
                WHERE usage.enterprise_id = enterprise AND usage.entitlement_id = entitlement
                    AND usage.period IN (SELECT (fact ->> 'period')::integer FROM jsonb_array_elements(facts) AS fact)) AS parts
            GROUP BY parts.period, parts.meter) AS used
        GROUP BY used.period) AS stated
    JOIN billing_period AS closed ON closed.enterprise_id = enterprise AND closed.purchase_id = purchase
        AND closed.number = stated.period
$$;
