-- A purchase of an enterprise, as JSON; no row: not its own. The same shape as accept_offer answers.
-- $1 enterprise, $2 purchase
SELECT json_build_object('id', purchase.id, 'state', purchase.state, 'product', product.code,
    'revision', purchase.revision, 'offer', offer.code, 'purpose', purchase.purpose,
    'price', json_build_object('minor_units', purchase.price_minor, 'currency', purchase.currency),
    'accepted_at', purchase.accepted_at,
    'entitlement', json_build_object('id', entitlement.id, 'since', lower(entitlement.valid),
        'until', upper(entitlement.valid)))::text
FROM purchase
JOIN entitlement ON entitlement.enterprise_id = purchase.enterprise_id AND entitlement.purchase_id = purchase.id
JOIN product ON product.id = purchase.product_id
JOIN offer ON offer.id = purchase.offer_id
WHERE purchase.enterprise_id = $1 AND purchase.id = $2;
