-- Whether bills are still to be made of a month's usage: of days whose period is not closed, or of what was recorded after it
-- was, unless that comes too late for a correction. A declared statement across enterprises. $1 first day of the month, $2 now
WITH newest AS (
    SELECT DISTINCT ON (enterprise_id, purchase_id) enterprise_id, purchase_id, days, is_last, counted_before
    FROM billing_period ORDER BY enterprise_id, purchase_id, number DESC
)
SELECT EXISTS (
    SELECT FROM usage_event AS event
    JOIN entitlement ON entitlement.enterprise_id = event.enterprise_id AND entitlement.id = event.entitlement_id
    JOIN purchase ON purchase.enterprise_id = entitlement.enterprise_id AND purchase.id = entitlement.purchase_id
        AND purchase.accepted_at IS NOT NULL AND purchase.ended_as IS DISTINCT FROM 'refunded'
    JOIN offer ON offer.id = purchase.offer_id AND offer.billing_period IS NOT NULL
    JOIN offer_usage_price AS price ON price.offer_id = offer.id AND price.meter = event.meter
    LEFT JOIN newest ON newest.enterprise_id = purchase.enterprise_id AND newest.purchase_id = purchase.id
    WHERE event.occurred_at >= $1::date::timestamp AT TIME ZONE 'UTC'
        AND event.occurred_at < ($1::date + interval '1 month') AT TIME ZONE 'UTC'
        AND CASE WHEN newest.is_last THEN event.recorded_at >= newest.counted_before
                AND due_on('late_usage', upper(newest.days)::timestamp AT TIME ZONE 'Asia/Shanghai') >= legal_day($2)
            ELSE newest.purchase_id IS NULL OR event.recorded_at >= newest.counted_before
                OR legal_day(event.occurred_at) >= upper(newest.days) END);
