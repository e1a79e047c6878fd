-- Why an offer cannot be accepted; no row: the enterprise may not see such an offer.
-- $1 enterprise, $2 offer code, $3 purpose
SELECT offer.withdrawn_at IS NOT NULL AS withdrawn,
    EXISTS (SELECT FROM product WHERE product.id = offer.product_id AND delisted_at IS NOT NULL) AS delisted,
    $3 = ANY(offer.purposes) AS purpose_allowed, offer.purposes,
    (SELECT reason_en FROM product_suspension
     WHERE product_suspension.product_id = offer.product_id AND lifted_at IS NULL
     ORDER BY suspended_at LIMIT 1) AS suspended_for
FROM offer WHERE offer.code = $2 AND (offer.reserved_for IS NULL OR offer.reserved_for = $1);
