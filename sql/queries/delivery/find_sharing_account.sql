-- Whose token this is, and what of its entitlement keeps it from being used: enterprise, entitlement, product's code, whether
-- its purchase ended, whether it is in its period, whether it is suspended, why its product's sources are gone or null; no row:
-- nobody's that holds now. The token alone names the enterprise. $1 SHA-256 of the token, $2 now
SELECT credential.enterprise_id, credential.entitlement_id, product.code, state.ended, state.in_period, state.suspended,
    state.withdrawn
FROM sharing_credential AS credential
JOIN entitlement ON entitlement.enterprise_id = credential.enterprise_id AND entitlement.id = credential.entitlement_id
JOIN product ON product.id = entitlement.product_id
CROSS JOIN withheld_entitlement(entitlement.enterprise_id, entitlement.id, $2) AS state
WHERE credential.token_sha256 = $1 AND credential.expires_at > $2 AND credential.revoked_at IS NULL;
