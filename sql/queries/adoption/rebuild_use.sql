-- Adds all use to totals that hold none of it, with the steps that follow from it, for a market that is older than its totals.
-- What was counted before there were totals is taken as known on the day on which it happened (enterprise_id).
WITH gone AS (
    DELETE FROM adoption_feed WHERE meter IS NOT NULL
), first AS MATERIALIZED (
    SELECT DISTINCT ON (used.enterprise_id, entitlement.product_id) used.enterprise_id, entitlement.product_id,
        entitlement.purchase_id, used.since
    FROM (SELECT enterprise_id, entitlement_id, min(since) AS since FROM usage_window GROUP BY 1, 2) AS used
    JOIN entitlement ON entitlement.enterprise_id = used.enterprise_id AND entitlement.id = used.entitlement_id
    ORDER BY used.enterprise_id, entitlement.product_id, used.since
), stepped AS (
    INSERT INTO funnel_step (enterprise_id, product_id, step, revision, happened_at, recorded_at, waited_seconds)
    SELECT first.enterprise_id, first.product_id, 'used', purchase.revision, first.since, first.since,
        GREATEST(0, extract(epoch FROM first.since - purchase.requested_at))
    FROM first JOIN purchase ON purchase.enterprise_id = first.enterprise_id AND purchase.id = first.purchase_id
    ON CONFLICT DO NOTHING
), used AS (
    INSERT INTO enterprise_step (enterprise_id, measure, standing, happened_at, recorded_at, change, industry_section,
        province, enterprise_kind)
    SELECT party.id, 'used', enterprise_base(party.kind, party.synthetic), first.since, first.since, 1,
        party.industry_section, party.province, party.enterprise_kind
    FROM (SELECT enterprise_id, min(since) AS since FROM first GROUP BY 1) AS first JOIN party ON party.id = first.enterprise_id
    WHERE NOT EXISTS (SELECT FROM enterprise_step AS held WHERE held.enterprise_id = party.id AND held.measure = 'used')
), metered AS MATERIALIZED (
    SELECT total.enterprise_id, total.product_id, total.meter, total.day, total.events, total.quantity, party.standing, day.ends,
        COALESCE(width_bucket(day.ends, turn.turns), 0) AS era,
        1::bigint << (uuid_hash_extended(total.enterprise_id, 0) & 63)::integer AS mark
    FROM (SELECT total.enterprise_id, entitlement.product_id, total.meter, total.day, sum(total.events) AS events,
            sum(total.quantity) AS quantity
        FROM usage_total AS total
        JOIN entitlement ON entitlement.enterprise_id = total.enterprise_id AND entitlement.id = total.entitlement_id
        GROUP BY 1, 2, 3, 4) AS total
    JOIN (SELECT id, enterprise_base(kind, synthetic) AS standing FROM party) AS party ON party.id = total.enterprise_id
    CROSS JOIN LATERAL (SELECT total.day::timestamp AT TIME ZONE 'Asia/Shanghai' + interval '1 day') AS day (ends)
    LEFT JOIN product_turn AS turn ON turn.product_id = total.product_id
), buyer AS MATERIALIZED (
    SELECT party.id AS enterprise_id, of.dimension, of.class FROM party CROSS JOIN LATERAL buyer_class(party.id) AS of
), product AS MATERIALIZED (
    SELECT once.product_id, once.era, of.dimension, of.class
    FROM (SELECT product_id, era, min(ends) AS ends FROM metered GROUP BY 1, 2) AS once
    CROSS JOIN LATERAL product_class(once.product_id, NULL, once.ends, once.ends) AS of
)
INSERT INTO adoption_total (grain, measure, dimension, class, standing, unit, happened_on, recorded_on, times, amount, came, went)
SELECT of.grain, 'metered', used.dimension, used.class, used.standing, used.meter, of.happened_in, of.recorded_in, sum(used.events),
    sum(used.quantity), bit_or(used.mark), 0
FROM (
    SELECT dimension, class, standing, meter, day, sum(events) AS events, sum(quantity) AS quantity, bit_or(mark) AS mark
    FROM metered JOIN buyer USING (enterprise_id) GROUP BY 1, 2, 3, 4, 5
    UNION ALL
    SELECT dimension, class, standing, meter, day, sum(events), sum(quantity), bit_or(mark)
    FROM metered JOIN product USING (product_id, era) GROUP BY 1, 2, 3, 4, 5
) AS used
CROSS JOIN LATERAL total_grain(used.day, used.day) AS of
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;
