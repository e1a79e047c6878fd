-- Adds everything but use to totals that hold none of it, and notes that they hold all that the log does.
-- What has no place in the log yet is added when it gets one, but for what the log was never told of. It is total_change in other
-- words: classes are looked up for each enterprise, and for each product between two of its turns, and not for each purchase.
WITH told AS MATERIALIZED (
    SELECT told.measure, told.standing, told.unit, legal_day(told.happened_at) AS happened_on,
        legal_day(told.recorded_at) AS recorded_on, told.times, told.amount,
        1::bigint << (uuid_hash_extended(told.enterprise_id, 0) & 63)::integer AS mark, told.enterprise_id,
        CASE WHEN told.is_purchase THEN told.subject_id END AS purchase_id, told.product_id, told.revision, told.class_at,
        told.class_known_at, COALESCE(width_bucket(told.class_at, turn.turns), 0) AS era,
        COALESCE(width_bucket(told.class_known_at, turn.turns), 0) AS known_era
    FROM told_change AS told LEFT JOIN product_turn AS turn ON turn.product_id = told.product_id
    WHERE NOT EXISTS (SELECT FROM counted_event AS event WHERE event.position IS NULL AND event.source = told.source
        AND event.enterprise_id = told.enterprise_id AND event.subject_id = told.subject_id AND event.number = told.number)
), buyer AS MATERIALIZED (
    SELECT party.id AS enterprise_id, of.dimension, of.class FROM party CROSS JOIN LATERAL buyer_class(party.id) AS of
), sold AS MATERIALIZED (
    SELECT measure, standing, unit, happened_on, recorded_on, product_id, revision, era, known_era, sum(times) AS times,
        sum(amount) AS amount, COALESCE(bit_or(mark) FILTER (WHERE times > 0), 0) AS came,
        COALESCE(bit_or(mark) FILTER (WHERE times < 0 OR amount < 0), 0) AS went,
        min(class_at) AS class_at, min(class_known_at) AS class_known_at
    FROM told GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
), product AS MATERIALIZED (
    SELECT once.product_id, COALESCE(once.revision, 0) AS revision, once.era, once.known_era, of.dimension, of.class
    FROM (SELECT product_id, revision, era, known_era, min(class_at) AS class_at,
            min(class_known_at) AS class_known_at FROM sold GROUP BY 1, 2, 3, 4) AS once
    CROSS JOIN LATERAL product_class(once.product_id, once.revision, once.class_at, once.class_known_at) AS of
), day AS MATERIALIZED (
    SELECT measure, dimension, class, standing, unit, happened_on, recorded_on, sum(times) AS times, sum(amount) AS amount,
        COALESCE(bit_or(mark) FILTER (WHERE times > 0), 0) AS came,
        COALESCE(bit_or(mark) FILTER (WHERE times < 0 OR amount < 0), 0) AS went
    FROM (
        SELECT measure, dimension, class, standing, unit, happened_on, recorded_on, times, amount, mark
        FROM told JOIN buyer USING (enterprise_id)
        UNION ALL
        SELECT measure, of.dimension, of.class, standing, unit, happened_on, recorded_on, times, amount, mark
        FROM told CROSS JOIN LATERAL purchase_class(enterprise_id, purchase_id) AS of WHERE purchase_id IS NOT NULL
    ) AS bought GROUP BY 1, 2, 3, 4, 5, 6, 7
    UNION ALL
    SELECT sold.measure, product.dimension, product.class, sold.standing, sold.unit, sold.happened_on, sold.recorded_on, sum(sold.times),
        sum(sold.amount), bit_or(sold.came), bit_or(sold.went)
    FROM sold JOIN product ON product.product_id = sold.product_id AND product.revision = COALESCE(sold.revision, 0)
        AND product.era = sold.era AND product.known_era = sold.known_era
    GROUP BY 1, 2, 3, 4, 5, 6, 7
    UNION ALL
    SELECT 'enterprises_' || reached.step, reached.dimension, reached.class, enterprise_base(buyer.kind, buyer.synthetic), '',
        legal_day(reached.happened_at), legal_day(reached.recorded_at), count(*), 0,
        bit_or(1::bigint << (uuid_hash_extended(reached.enterprise_id, 0) & 63)::integer), 0
    FROM scenario_step AS reached JOIN party AS buyer ON buyer.id = reached.enterprise_id
    GROUP BY 1, 2, 3, 4, 5, 6, 7
), added AS (
    INSERT INTO adoption_total (grain, measure, dimension, class, standing, unit, happened_on, recorded_on, times, amount, came, went)
    SELECT of.grain, measure, dimension, class, standing, unit, of.happened_in, of.recorded_in, sum(times), sum(amount), bit_or(came),
        bit_or(went)
    FROM day CROSS JOIN LATERAL total_grain(happened_on, recorded_on) AS of
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
)
UPDATE adoption_progress SET position = COALESCE((SELECT max(position) FROM log_leaf), -1), is_made = true;
