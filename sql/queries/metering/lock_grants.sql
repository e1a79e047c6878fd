-- The grants of meters of entitlements, held until the transaction ends, in the order in which they are used; also those that
-- are not in force, since who has any is limited by them. Entitlement, meter, grant, hard or soft, in force now, whether its
-- use is within what it grants, the period it lies in, what was carried into it, what was used in it, what is left.
-- $1 enterprises, $2 entitlements, $3 meters, $4 now
WITH held AS MATERIALIZED (
    SELECT held.enterprise_id, held.entitlement_id, held.meter, held.id, held.quantity, held.period, held.hard,
        held.carry_over, held.valid, held.since, held.carried, held.used, held.priority
    FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS metered (enterprise_id, entitlement_id, meter)
    JOIN entitlement_grant AS held ON held.enterprise_id = metered.enterprise_id
        AND held.entitlement_id = metered.entitlement_id AND held.meter = metered.meter
    ORDER BY held.enterprise_id, held.entitlement_id, held.meter, held.id
    FOR UPDATE OF held
)
SELECT held.entitlement_id, held.meter, held.id, held.hard, held.valid @> $4::timestamptz,
    standing.used <= held.quantity + standing.carried, standing.since, standing.carried, standing.used::text,
    standing.room::text
FROM held, grant_at(held.quantity, held.period, held.carry_over, held.valid, held.since, held.carried, held.used,
    LEAST($4::timestamptz, upper(held.valid))) AS standing
ORDER BY held.priority, upper(held.valid), held.id;
