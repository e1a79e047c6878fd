-- Why an entitlement of an enterprise cannot be used: whether its purchase ended, whether it is in its period, whether it is
-- suspended, why its product's sources are gone or null; none of these: its quota is used up. No row: not its own. $1 enterprise, $2 entitlement, $3 now
SELECT purchase.state = 'ended' AND purchase.ended_as <> 'expired' OR COALESCE(entitlement.ended_at <= $3, false)
        AND entitlement.ended_at < upper(entitlement.valid),
    entitlement.valid @> $3::timestamptz, entitlement.suspended_at IS NOT NULL,
    (SELECT min(gone.reason_en) FROM withdrawn_source AS gone WHERE gone.product_id = entitlement.product_id)
FROM entitlement
JOIN purchase ON purchase.enterprise_id = entitlement.enterprise_id AND purchase.id = entitlement.purchase_id
WHERE entitlement.enterprise_id = $1 AND entitlement.id = $2;
