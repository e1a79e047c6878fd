-- The steps of a product, from its purchases alone: for each moment at which something became known that can change them, what is
-- different from what was known before. A product is sold from its first purchase on.
CREATE OR REPLACE FUNCTION sold_history(product uuid)
RETURNS TABLE (standing text, happened_at timestamptz, recorded_at timestamptz, change integer, came bigint, went bigint)
LANGUAGE sql STABLE AS $$
WITH ladder (standing, rank) AS (
    VALUES ('market', 1), ('trial', 2), ('refunded', 3), ('administration', 4), ('synthetic', 5)
), change AS MATERIALIZED (
    SELECT purchase.enterprise_id, purchase.id AS purchase_id, purchase.accepted_at, change.standing, ladder.rank,
        change.happened_at, change.recorded_at, change.purchases,
        1::bigint << (uuid_hash_extended(purchase.enterprise_id, 0) & 63)::integer AS mark
    FROM purchase
    CROSS JOIN LATERAL (SELECT standing, happened_at, recorded_at, purchases FROM purchase_change
        WHERE enterprise_id = purchase.enterprise_id AND purchase_id = purchase.id OFFSET 0) AS change
    JOIN ladder USING (standing)
    WHERE purchase.product_id = product AND purchase.accepted_at IS NOT NULL
), kept AS (
    -- A purchase that is never taken from its standing.
    SELECT purchase_id, rank, min(happened_at) AS happened_at, min(recorded_at) AS recorded_at
    FROM change GROUP BY 1, 2 HAVING min(purchases) > 0
), anchor AS MATERIALIZED (
    SELECT * FROM (SELECT kept.*, row_number() OVER (PARTITION BY rank ORDER BY happened_at, recorded_at, purchase_id) AS earliest,
            row_number() OVER (PARTITION BY rank ORDER BY recorded_at, happened_at, purchase_id) AS soonest FROM kept) AS placed
    WHERE 1 IN (earliest, soonest)
), counted AS MATERIALIZED (
    -- What happened and became known after a purchase that stays changes nothing in its standing, nor in those below.
    SELECT change.standing, change.happened_at, change.recorded_at, sum(change.purchases) AS purchases
    FROM change
    WHERE NOT EXISTS (SELECT FROM anchor WHERE anchor.rank <= change.rank AND anchor.purchase_id <> change.purchase_id
        AND anchor.happened_at <= change.happened_at AND anchor.recorded_at <= change.recorded_at
        AND (anchor.happened_at, anchor.recorded_at, anchor.purchase_id)
            < (change.happened_at, change.recorded_at, change.purchase_id))
    GROUP BY 1, 2, 3
), moment AS MATERIALIZED (
    SELECT counted.recorded_at, lead(counted.recorded_at) OVER (ORDER BY counted.recorded_at) AS next
    FROM counted GROUP BY 1
), held AS (
    SELECT DISTINCT moment.recorded_at, counted.happened_at,
        sum(purchases) FILTER (WHERE counted.standing = 'market') OVER so_far AS market,
        sum(purchases) FILTER (WHERE counted.standing IN ('market', 'trial')) OVER so_far AS tried,
        sum(purchases) FILTER (WHERE counted.standing IN ('market', 'trial', 'refunded')) OVER so_far AS accepted,
        sum(purchases) FILTER (WHERE counted.standing = 'administration') OVER so_far AS administration,
        sum(purchases) FILTER (WHERE counted.standing = 'synthetic') OVER so_far AS synthetic
    FROM moment JOIN counted ON counted.recorded_at <= moment.recorded_at
    WINDOW so_far AS (PARTITION BY moment.recorded_at ORDER BY counted.happened_at)
), turned AS (
    SELECT ranked.recorded_at, ranked.happened_at, ranked.standing,
        lag(ranked.standing) OVER (PARTITION BY ranked.recorded_at ORDER BY ranked.happened_at) AS before
    FROM (SELECT held.recorded_at, held.happened_at, CASE WHEN market > 0 THEN 'market' WHEN tried > 0 THEN 'trial'
            WHEN accepted > 0 THEN 'refunded' WHEN administration > 0 THEN 'administration'
            WHEN synthetic > 0 THEN 'synthetic' END AS standing FROM held) AS ranked
), said AS (
    SELECT turned.recorded_at, turned.happened_at, side.standing, side.change
    FROM turned CROSS JOIN LATERAL (VALUES (turned.standing, 1), (turned.before, -1)) AS side (standing, change)
    WHERE turned.standing IS DISTINCT FROM turned.before AND side.standing IS NOT NULL
), difference AS (
    -- What is said at a moment, less what was said at the one before.
    SELECT said.recorded_at, said.happened_at, said.standing, said.change FROM said
    UNION ALL
    SELECT moment.next, said.happened_at, said.standing, -said.change
    FROM said JOIN moment USING (recorded_at) WHERE moment.next IS NOT NULL
), step AS MATERIALIZED (
    SELECT difference.standing, difference.happened_at, difference.recorded_at, sum(difference.change)::integer AS change
    FROM difference GROUP BY 1, 2, 3 HAVING sum(difference.change) <> 0
), marked AS (
    -- Who had a purchase in the standing when it was reached.
    SELECT step.standing, step.happened_at, step.recorded_at, step.change, COALESCE((
            SELECT bit_or(holder.mark) FROM (SELECT change.mark FROM change WHERE change.standing = step.standing
                AND change.happened_at <= step.happened_at AND change.recorded_at <= step.recorded_at
                GROUP BY change.enterprise_id, change.mark HAVING sum(change.purchases) > 0) AS holder), 0) AS came, 0::bigint AS went
    FROM step WHERE step.change > 0
    UNION ALL
    SELECT step.standing, step.happened_at, step.recorded_at, step.change, 0, 0 FROM step WHERE step.change < 0
), left_behind AS (
    -- One of them went: of a purchase that was there when a standing was reached last.
    SELECT change.standing, change.happened_at, change.recorded_at, 0 AS change, 0::bigint AS came, change.mark AS went
    FROM change
    JOIN (SELECT marked.standing, bit_or(marked.came) AS came FROM marked GROUP BY 1) AS behind
        ON behind.standing = change.standing AND behind.came & change.mark <> 0
    WHERE change.purchases < 0 AND change.accepted_at <= (SELECT max(step.happened_at) FROM step)
)
SELECT every.standing, every.happened_at, every.recorded_at, sum(every.change)::integer, bit_or(every.came), bit_or(every.went)
FROM (SELECT * FROM marked UNION ALL SELECT * FROM left_behind) AS every GROUP BY 1, 2, 3
$$;
