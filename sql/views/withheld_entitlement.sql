-- What withholds an entitlement: whether its purchase ended, whether it is in its period, whether it is suspended,
-- why its product's sources are gone or null. No row: no such entitlement of the enterprise.
CREATE OR REPLACE FUNCTION withheld_entitlement(enterprise uuid, entitlement uuid, moment timestamptz)
RETURNS TABLE (ended boolean, in_period boolean, suspended boolean, withdrawn text)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT purchase.state = 'ended' AND purchase.ended_as <> 'expired' OR COALESCE(held.ended_at <= moment, false)
            AND held.ended_at < upper(held.valid),
        held.valid @> moment, held.suspended_at IS NOT NULL,
        (SELECT min(gone.reason_en) FROM withdrawn_source AS gone WHERE gone.product_id = held.product_id)
    FROM entitlement AS held
    -- By its whole key, however few purchases there were when this was planned.
    CROSS JOIN LATERAL (SELECT state, ended_as FROM purchase
        WHERE purchase.enterprise_id = held.enterprise_id AND purchase.id = held.purchase_id OFFSET 0) AS purchase
    WHERE held.enterprise_id = withheld_entitlement.enterprise AND held.id = withheld_entitlement.entitlement
$$;
