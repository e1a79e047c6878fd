-- A token for outside clients, until the entitlement ends at the latest: its id and when it expires; no row: the entitlement is
-- not the enterprise's or not in force. $1 enterprise, $2 entitlement, $3 id, $4 SHA-256 of the token, $5 now, $6 days
INSERT INTO sharing_credential (enterprise_id, id, entitlement_id, token_sha256, issued_at, expires_at)
SELECT $1, $3, entitlement.id, $4, $5,
    LEAST($5::timestamptz + make_interval(days => $6::integer), upper(entitlement.valid), entitlement.ended_at)
FROM entitlement
JOIN purchase ON purchase.enterprise_id = entitlement.enterprise_id AND purchase.id = entitlement.purchase_id
WHERE entitlement.enterprise_id = $1 AND entitlement.id = $2 AND entitlement.valid @> $5::timestamptz
    AND entitlement.suspended_at IS NULL AND COALESCE(entitlement.ended_at > $5, true)
    AND purchase.state IN ('agreed', 'active')
RETURNING expires_at;
