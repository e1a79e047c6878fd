-- What keeps an offer from being concluded at a moment, one row each, besides its own period and withdrawal; no row: nothing.
-- plpgsql, so that a session plans it once: as a part of the statement that buys, it was planned anew whenever that statement's
-- tables had grown and their statistics were taken.
CREATE OR REPLACE FUNCTION offer_obstacle(offer uuid, product uuid, moment timestamptz) RETURNS TABLE (kind text)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT 'product_not_listed' WHERE NOT EXISTS (SELECT FROM product AS own
        WHERE own.id = offer_obstacle.product AND own.listed_at IS NOT NULL AND own.delisted_at IS NULL)
    UNION ALL
    SELECT 'product_suspended' FROM product_suspension
    WHERE product_suspension.product_id = offer_obstacle.product AND lifted_at IS NULL
    UNION ALL
    SELECT 'condition_not_accepted' FROM condition_flag
    WHERE condition_flag.offer_id = offer_obstacle.offer AND decision IS DISTINCT FROM 'accepted'
    UNION ALL
    SELECT 'credential_lacking' FROM offer_need AS need
    WHERE need.offer_id = offer_obstacle.offer AND NOT EXISTS (
        SELECT FROM credential WHERE credential.product_id = need.product_id AND credential.kind = need.kind
            AND credential.state = 'in_force' AND credential.valid @> legal_day(moment))
    UNION ALL
    SELECT 'consent_lacking' FROM obtained_source(offer_obstacle.product, moment) AS source WHERE source.until IS NULL
    UNION ALL
    SELECT 'price_above_ceiling' FROM above_ceiling(offer_obstacle.offer, moment);
END
$$;
