-- Takes uses from grants, each with the period that it was taken from.
-- $1 enterprises, $2 entitlements, $3 meters, $4 grants, $5 beginnings of the periods, $6 carried into them, $7 usage events,
-- $8 quantities, $9 used before in the period
WITH taken AS MATERIALIZED (
    SELECT enterprise_id, entitlement_id, meter, grant_id, since, carried, usage_event_id, quantity, used
    FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::timestamptz[], $6::numeric[], $7::uuid[], $8::numeric[],
        $9::numeric[])
        AS taken (enterprise_id, entitlement_id, meter, grant_id, since, carried, usage_event_id, quantity, used)
), debited AS (
    UPDATE entitlement_grant SET since = debit.since, carried = debit.carried, used = debit.used + debit.quantity
    FROM (SELECT enterprise_id, entitlement_id, meter, grant_id, since, carried, used, sum(quantity) AS quantity FROM taken
          GROUP BY enterprise_id, entitlement_id, meter, grant_id, since, carried, used) AS debit
    WHERE entitlement_grant.enterprise_id = debit.enterprise_id
        AND entitlement_grant.entitlement_id = debit.entitlement_id AND entitlement_grant.meter = debit.meter
        AND entitlement_grant.id = debit.grant_id
)
INSERT INTO grant_use (enterprise_id, entitlement_id, meter, grant_id, usage_event_id, since, quantity)
SELECT enterprise_id, entitlement_id, meter, grant_id, usage_event_id, since, quantity FROM taken;
