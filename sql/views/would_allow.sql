-- Whether a use is allowed at a moment by an entitlement, and what is left, as JSON; no row: not the enterprise's.
CREATE OR REPLACE FUNCTION would_allow(buyer uuid, wanted uuid, wanted_meter text, wanted_quantity numeric, wanted_for text,
    moment timestamptz)
RETURNS TABLE (document text) LANGUAGE sql STABLE AS $$
SELECT json_build_object('id', entitlement.id, 'purchase', purchase.id, 'product', product.code, 'purpose', purchase.purpose,
    'state', purchase.state, 'since', lower(entitlement.valid), 'until', stands.until, 'in_force', stands.in_force,
    'suspended_at', entitlement.suspended_at, 'suspension_reason', entitlement.suspension_reason,
    'allowed', cardinality(refusal.reasons) = 0, 'refused_for', refusal.reasons,
    'over_quota', COALESCE(quota.is_granted AND COALESCE(wanted_quantity, 1) > quota.room, false), 'grants', quota.documents)::text
FROM entitlement
-- By its whole key, however few purchases there were when this was planned.
CROSS JOIN LATERAL (SELECT id, purpose, state FROM purchase
    WHERE purchase.enterprise_id = entitlement.enterprise_id AND purchase.id = entitlement.purchase_id OFFSET 0) AS purchase
JOIN product ON product.id = entitlement.product_id
CROSS JOIN LATERAL (SELECT LEAST(upper(entitlement.valid), entitlement.ended_at) AS until,
    entitlement.valid @> moment AND entitlement.suspended_at IS NULL AND purchase.state IN ('agreed', 'active')
        AND COALESCE(entitlement.ended_at > moment, true) AS in_force) AS stands
CROSS JOIN LATERAL (
    SELECT COALESCE(json_agg(json_build_object('meter', held.meter, 'quantity', held.quantity, 'period', held.period,
            'hard', held.hard, 'carry_over', held.carry_over, 'carried', standing.carried, 'used', standing.used,
            'left', standing.room, 'since', standing.since, 'until', standing.until, 'priority', held.priority,
            'top_up', held.granted_by IS NOT NULL) ORDER BY held.meter, held.priority, upper(held.valid), held.id),
            '[]'::json) AS documents,
        COALESCE(bool_or(held.meter = wanted_meter), false) AS is_granted,
        COALESCE(bool_or(NOT held.hard) FILTER (WHERE held.meter = wanted_meter), false) AS goes_beyond,
        COALESCE(sum(standing.room) FILTER (WHERE held.meter = wanted_meter), 0) AS room
    FROM entitlement_grant AS held, grant_at(held.quantity, held.period, held.carry_over, held.valid, held.since,
        held.carried, held.used, moment) AS standing
    WHERE held.enterprise_id = entitlement.enterprise_id AND held.entitlement_id = entitlement.id
        AND held.valid @> moment) AS quota
CROSS JOIN LATERAL (SELECT array_remove(ARRAY[
    CASE WHEN entitlement.suspended_at IS NOT NULL THEN 'suspended' END,
    CASE WHEN purchase.state = 'ended' OR stands.until <= moment THEN 'ended' END,
    CASE WHEN lower(entitlement.valid) > moment THEN 'not_begun' END,
    CASE WHEN EXISTS (SELECT FROM withdrawn_source AS gone WHERE gone.product_id = entitlement.product_id) THEN 'withdrawn' END,
    CASE WHEN wanted_for <> purchase.purpose THEN 'purpose' END,
    CASE WHEN wanted_meter IS NOT NULL AND NOT EXISTS (SELECT FROM meter WHERE meter.code = wanted_meter) THEN 'meter' END,
    CASE WHEN quota.is_granted AND NOT quota.goes_beyond AND COALESCE(wanted_quantity, 1) > quota.room
        OR NOT quota.is_granted AND EXISTS (SELECT FROM entitlement_grant AS other
            WHERE other.enterprise_id = entitlement.enterprise_id AND other.entitlement_id = entitlement.id
                AND other.meter = wanted_meter) THEN 'quota' END], NULL) AS reasons OFFSET 0) AS refusal
WHERE entitlement.enterprise_id = buyer AND entitlement.id = wanted;
$$;
