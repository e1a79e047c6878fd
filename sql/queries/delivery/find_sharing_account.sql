-- Whose token this is: enterprise, entitlement, product's code; no row: nobody's that holds now. The token alone names the
-- enterprise. $1 SHA-256 of the token, $2 now
SELECT credential.enterprise_id, credential.entitlement_id, product.code
FROM sharing_credential AS credential
JOIN entitlement ON entitlement.enterprise_id = credential.enterprise_id AND entitlement.id = credential.entitlement_id
JOIN product ON product.id = entitlement.product_id
WHERE credential.token_sha256 = $1 AND credential.expires_at > $2 AND credential.revoked_at IS NULL;
