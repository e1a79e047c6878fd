-- Counts usage events and adds them to the totals of their days.
-- $1 enterprises, $2 when they occurred, $3 ids, $4 entitlements, $5 meters, $6 quantities, $7 bytes, $8 products,
-- $9 revisions, $10 now
WITH counted AS MATERIALIZED (
    SELECT enterprise_id, occurred_at, id, entitlement_id, meter, quantity, bytes, product_id, revision
    FROM unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::uuid[], $5::text[], $6::bigint[], $7::bigint[], $8::uuid[],
        $9::integer[])
        AS counted (enterprise_id, occurred_at, id, entitlement_id, meter, quantity, bytes, product_id, revision)
), totalled AS (
    INSERT INTO usage_total AS total (enterprise_id, entitlement_id, meter, day, events, quantity, bytes)
    SELECT enterprise_id, entitlement_id, meter, legal_day(occurred_at), count(*), sum(quantity), sum(bytes) FROM counted
    GROUP BY enterprise_id, entitlement_id, meter, legal_day(occurred_at)
    ORDER BY enterprise_id, entitlement_id, meter, legal_day(occurred_at)
    ON CONFLICT (enterprise_id, entitlement_id, meter, day) DO UPDATE SET events = total.events + excluded.events,
        quantity = total.quantity + excluded.quantity, bytes = total.bytes + excluded.bytes
)
INSERT INTO usage_event (enterprise_id, occurred_at, id, entitlement_id, meter, quantity, bytes, product_id, revision,
    recorded_at)
SELECT enterprise_id, occurred_at, id, entitlement_id, meter, quantity, bytes, product_id, revision, $10 FROM counted;
