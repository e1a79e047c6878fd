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
), asked AS MATERIALIZED (
    SELECT first.enterprise_id, first.product_id, purchase.revision, first.since,
        GREATEST(0, extract(epoch FROM first.since - purchase.requested_at)) AS waited_seconds
    FROM first JOIN purchase ON purchase.enterprise_id = first.enterprise_id AND purchase.id = first.purchase_id
), stepped AS (
    INSERT INTO funnel_step (enterprise_id, product_id, step, revision, happened_at, recorded_at, waited_seconds)
    SELECT enterprise_id, product_id, 'used', revision, since, since, waited_seconds FROM asked ORDER BY enterprise_id, product_id
    ON CONFLICT DO NOTHING
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
), of_buyer AS MATERIALIZED (
    SELECT party.id AS enterprise_id, of.dimension, of.class FROM party CROSS JOIN LATERAL buyer_class(party.id) AS of
), of_product AS MATERIALIZED (
    SELECT once.product_id, once.era, of.dimension, of.class
    FROM (SELECT product_id, era, min(ends) AS ends FROM metered GROUP BY 1, 2) AS once
    CROSS JOIN LATERAL product_class(once.product_id, NULL, once.ends, once.ends) AS of
), cell AS MATERIALIZED (
    -- Very many rows are compared by numbers, as in rebuild_totals.
    SELECT row_number() OVER ()::integer AS id, dimension, class
    FROM (SELECT dimension, class FROM of_buyer UNION SELECT dimension, class FROM of_product) AS every
), buyer AS MATERIALIZED (
    SELECT of.enterprise_id, array_agg(cell.id) AS cells FROM of_buyer AS of JOIN cell USING (dimension, class) GROUP BY 1
), product AS MATERIALIZED (
    SELECT of.product_id, of.era, array_agg(cell.id) AS cells FROM of_product AS of JOIN cell USING (dimension, class) GROUP BY 1, 2
), day AS MATERIALIZED (
    SELECT of.cell, metered.standing, metered.meter, metered.day, sum(metered.events) AS events, sum(metered.quantity) AS quantity,
        bit_or(metered.mark) AS mark
    FROM metered JOIN buyer USING (enterprise_id) JOIN product USING (product_id, era)
    CROSS JOIN LATERAL unnest(buyer.cells || product.cells) AS of (cell)
    GROUP BY 1, 2, 3, 4
)
INSERT INTO adoption_total (grain, measure, dimension, class, standing, unit, happened_on, recorded_on, times, amount, came, went)
SELECT used.grain, 'metered', cell.dimension, cell.class, used.standing, used.meter, used.happened_in, used.recorded_in, used.events,
    used.quantity, used.mark, 0
FROM (SELECT of.grain, day.cell, day.standing, day.meter, of.happened_in, of.recorded_in, sum(day.events) AS events,
        sum(day.quantity) AS quantity, bit_or(day.mark) AS mark
    FROM day CROSS JOIN LATERAL total_grain(day.day, day.day) AS of GROUP BY 1, 2, 3, 4, 5, 6) AS used
JOIN cell ON cell.id = used.cell
ORDER BY 3, 5, 1, 7, 4, 6, 8;
