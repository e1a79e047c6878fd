-- The usage of an entitlement that a period counts, as a JSON array with an object for each meter that the offer has a price
-- for; null when there is none. first and last are lines of the export, sha256 is that of all its lines.
CREATE OR REPLACE FUNCTION usage_facts(enterprise uuid, entitlement uuid, offer uuid, period integer, since timestamptz,
    before timestamptz, recorded_since timestamptz, recorded_before timestamptz) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_agg(jsonb_build_object('period', usage_facts.period, 'meter', meter, 'events', events, 'quantity', quantity,
        'first', first_line, 'last', last_line, 'sha256', encode(digest, 'hex'), 'recorded_since', recorded_since))
    FROM (
        SELECT event.meter, count(*) AS events, sum(event.quantity) AS quantity, min(line COLLATE "C") AS first_line,
            max(line COLLATE "C") AS last_line,
            sha256(convert_to(string_agg(line || E'\n', '' ORDER BY line COLLATE "C"), 'UTF8')) AS digest
        FROM usage_event AS event
        CROSS JOIN LATERAL usage_line(event.occurred_at, event.id, usage_facts.period, event.meter, event.quantity) AS line
        WHERE event.enterprise_id = enterprise AND event.entitlement_id = entitlement AND event.occurred_at >= since
            AND event.occurred_at < COALESCE(before, 'infinity') AND event.recorded_at < recorded_before
            AND event.recorded_at >= COALESCE(recorded_since, '-infinity')
            AND event.meter IN (SELECT price.meter FROM offer_usage_price AS price WHERE price.offer_id = offer)
        GROUP BY event.meter) AS facts
$$;
