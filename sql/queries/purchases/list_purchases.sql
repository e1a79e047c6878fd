-- Purchases of an enterprise, newest first: key (the id, which grows with time) and JSON per row.
-- $1 enterprise, $2 id to start below or null, $3 limit
SELECT purchase.id::text, json_build_object('id', purchase.id, 'state', purchase.state, 'product', product.code,
    'title_zh', product.title_zh, 'title_en', product.title_en,
    'revision', purchase.revision, 'offer', offer.code, 'purpose', purchase.purpose,
    'price', json_build_object('minor_units', purchase.price_minor, 'currency', purchase.currency),
    'accepted_at', purchase.accepted_at,
    'entitlement', json_build_object('id', entitlement.id, 'since', lower(entitlement.valid),
        'until', upper(entitlement.valid)))::text
FROM purchase
JOIN entitlement ON entitlement.enterprise_id = purchase.enterprise_id AND entitlement.purchase_id = purchase.id
JOIN product ON product.id = purchase.product_id
JOIN offer ON offer.id = purchase.offer_id
WHERE purchase.enterprise_id = $1 AND ($2::uuid IS NULL OR purchase.id < $2)
ORDER BY purchase.id DESC LIMIT $3;
