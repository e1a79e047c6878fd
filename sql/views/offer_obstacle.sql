-- What keeps an offer from being concluded at a moment, one row each, besides its own period and withdrawal; no row: nothing.
-- plpgsql, so that a session plans it once: as a part of the statement that buys, it was planned anew whenever that statement's
-- tables had grown and their statistics were taken. Step by step, so that a purchase prepares only the questions that it raises.
CREATE OR REPLACE FUNCTION offer_obstacle(offer uuid, product uuid, moment timestamptz) RETURNS TABLE (kind text)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    IF NOT EXISTS (SELECT FROM product AS own
        WHERE own.id = offer_obstacle.product AND own.listed_at IS NOT NULL AND own.delisted_at IS NULL) THEN
        RETURN QUERY SELECT 'product_not_listed';
    END IF;
    RETURN QUERY SELECT 'product_suspended' FROM product_suspension
        WHERE product_suspension.product_id = offer_obstacle.product AND lifted_at IS NULL;
    RETURN QUERY SELECT 'condition_not_accepted' FROM condition_flag
        WHERE condition_flag.offer_id = offer_obstacle.offer AND decision IS DISTINCT FROM 'accepted';
    -- One look for each kind (LIMIT 1): with NOT EXISTS the planner reads those of all products.
    RETURN QUERY SELECT 'credential_lacking' FROM offer_need AS need
        WHERE need.offer_id = offer_obstacle.offer AND (
            SELECT true FROM credential WHERE credential.product_id = need.product_id AND credential.kind = need.kind
                AND credential.state = 'in_force' AND credential.valid @> legal_day(moment) LIMIT 1) IS NULL;
    IF EXISTS (SELECT FROM newest_source AS source
        JOIN directory_entry_version AS version ON version.entry_id = source.entry_id AND version.received_from IS NOT NULL
        WHERE source.product_id = offer_obstacle.product) THEN
        RETURN QUERY SELECT 'consent_lacking' FROM obtained_source(offer_obstacle.product, moment) AS source
            WHERE source.until IS NULL;
    END IF;
    IF EXISTS (SELECT FROM offer AS own WHERE own.id = offer_obstacle.offer AND own.kind <> 'free') THEN
        RETURN QUERY SELECT 'price_above_ceiling' FROM above_ceiling(offer_obstacle.offer, moment);
    END IF;
END
$$;
