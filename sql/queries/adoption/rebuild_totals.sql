-- Adds what some sources tell of to totals that hold none of it. $1 sources (see told_change)
-- What has no place in the log yet is added when it gets one, but for what the log was never told of. It is total_change in other
-- words: classes are looked up for each enterprise, and for each product between two of its turns, and not for each purchase; and
-- they have numbers until all is added up, because very many rows are compared by them.
WITH told AS MATERIALIZED (
    SELECT told.measure, told.standing, told.unit, legal_day(told.happened_at) AS happened_on,
        legal_day(told.recorded_at) AS recorded_on, told.times, told.amount,
        1::bigint << (uuid_hash_extended(told.enterprise_id, 0) & 63)::integer AS mark,
        1 + (uuid_hash_extended(told.enterprise_id, 0) >> 6 & 3) AS part, told.held, told.enterprise_id,
        CASE WHEN told.is_purchase THEN told.subject_id END AS purchase_id, told.product_id, told.revision, told.class_at,
        told.class_known_at,
        -- In one number: a planner that multiplies what it does not know of four takes very many for one or two.
        (COALESCE(told.revision, 0)::bigint << 32) + (COALESCE(width_bucket(told.class_at, turn.turns), 0) << 16)
            + COALESCE(width_bucket(told.class_known_at, turn.turns), 0) AS era
    FROM told_change AS told LEFT JOIN product_turn AS turn ON turn.product_id = told.product_id
    WHERE told.source = ANY ($1::text[])
        AND NOT EXISTS (SELECT FROM counted_event AS event WHERE event.position IS NULL AND event.source = told.source
            AND event.enterprise_id = told.enterprise_id AND event.subject_id = told.subject_id AND event.number = told.number)
), of_buyer AS MATERIALIZED (
    SELECT party.id AS enterprise_id, of.dimension, of.class FROM party CROSS JOIN LATERAL buyer_class(party.id) AS of
), of_product AS MATERIALIZED (
    SELECT once.product_id, once.era, of.dimension, of.class
    FROM (SELECT product_id, era, min(revision) AS revision, min(class_at) AS class_at, min(class_known_at) AS class_known_at
        FROM told GROUP BY 1, 2) AS once
    CROSS JOIN LATERAL product_class(once.product_id, once.revision, once.class_at, once.class_known_at) AS of
), of_purchase AS MATERIALIZED (
    -- Those of the first purchase of each enterprise, and those of any other, which has no row there (null).
    SELECT first.enterprise_id, first.purchase_id, of.dimension, of.class
    FROM (SELECT enterprise_id, purchase_id FROM first_purchase UNION ALL SELECT NULL, NULL) AS first
    CROSS JOIN LATERAL purchase_class(first.enterprise_id, first.purchase_id) AS of
), cell AS MATERIALIZED (
    SELECT row_number() OVER ()::integer AS id, dimension, class
    FROM (SELECT dimension, class FROM of_buyer UNION SELECT dimension, class FROM of_product
        UNION SELECT dimension, class FROM of_purchase) AS every
), buyer AS MATERIALIZED (
    SELECT of.enterprise_id, array_agg(cell.id) AS cells FROM of_buyer AS of JOIN cell USING (dimension, class) GROUP BY 1
), product AS MATERIALIZED (
    SELECT of.product_id, of.era, array_agg(cell.id) AS cells FROM of_product AS of JOIN cell USING (dimension, class) GROUP BY 1, 2
), purchase AS MATERIALIZED (
    SELECT of.enterprise_id, of.purchase_id, array_agg(cell.id) AS cells
    FROM of_purchase AS of JOIN cell USING (dimension, class) GROUP BY 1, 2
), day AS MATERIALIZED (
    SELECT told.measure, told.standing, told.unit, of.cell, told.happened_on, told.recorded_on, sum(told.times) AS times,
        sum(told.amount) AS amount, COALESCE(bit_or(told.mark) FILTER (WHERE told.times > 0), 0) AS came,
        COALESCE(bit_or(told.mark) FILTER (WHERE told.times < 0 OR told.amount < 0), 0) AS went,
        sum(told.held) FILTER (WHERE told.part = 1) AS part_1, sum(told.held) FILTER (WHERE told.part = 2) AS part_2,
        sum(told.held) FILTER (WHERE told.part = 3) AS part_3, sum(told.held) FILTER (WHERE told.part = 4) AS part_4
    FROM told
    JOIN buyer USING (enterprise_id)
    JOIN product ON product.product_id = told.product_id AND product.era = told.era
    LEFT JOIN purchase AS first ON first.enterprise_id = told.enterprise_id AND first.purchase_id = told.purchase_id
    -- The one of all others is looked up once (a subquery): a planner that takes it for several would look for each purchase.
    CROSS JOIN LATERAL unnest(buyer.cells || product.cells || CASE WHEN told.purchase_id IS NOT NULL
        THEN COALESCE(first.cells, (SELECT cells FROM purchase WHERE purchase_id IS NULL)) END) AS of (cell)
    GROUP BY 1, 2, 3, 4, 5, 6
)
INSERT INTO adoption_total (grain, measure, dimension, class, standing, unit, happened_on, recorded_on, times, amount, came, went,
    part_1, part_2, part_3, part_4)
SELECT total.grain, total.measure, cell.dimension, cell.class, total.standing, total.unit, total.happened_in, total.recorded_in,
    total.times, total.amount, total.came, total.went, total.part_1, total.part_2, total.part_3, total.part_4
FROM (SELECT of.grain, day.measure, day.standing, day.unit, day.cell, of.happened_in, of.recorded_in, sum(day.times) AS times,
        sum(day.amount) AS amount, bit_or(day.came) AS came, bit_or(day.went) AS went, sum(day.part_1) AS part_1,
        sum(day.part_2) AS part_2, sum(day.part_3) AS part_3, sum(day.part_4) AS part_4
    FROM day CROSS JOIN LATERAL total_grain(day.happened_on, day.recorded_on) AS of
    GROUP BY 1, 2, 3, 4, 5, 6, 7) AS total
JOIN cell ON cell.id = total.cell
ORDER BY 2, 3, 5, 1, 7, 4, 6, 8;
