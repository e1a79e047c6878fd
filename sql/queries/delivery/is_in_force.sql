-- Whether an entitlement can be used now. $1 enterprise, $2 entitlement, $3 now
SELECT EXISTS (SELECT FROM entitlement
    JOIN purchase ON purchase.enterprise_id = entitlement.enterprise_id AND purchase.id = entitlement.purchase_id
    WHERE entitlement.enterprise_id = $1 AND entitlement.id = $2 AND entitlement.valid @> $3::timestamptz
        AND entitlement.suspended_at IS NULL AND COALESCE(entitlement.ended_at > $3, true)
        AND purchase.state IN ('agreed', 'active'));
