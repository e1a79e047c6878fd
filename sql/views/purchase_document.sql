-- Purchases as JSON, as accept_offers answers them; a purchase without an agreement has no entitlement.
CREATE OR REPLACE VIEW purchase_document AS
SELECT purchase.enterprise_id, purchase.id, purchase.state, purchase.product_id, json_build_object('id', purchase.id,
    'state', purchase.state, 'product', product.code, 'title_zh', product.title_zh, 'title_en', product.title_en,
    'revision', purchase.revision, 'offer', offer.code,
    'purpose', purchase.purpose, 'scope', purchase.scope, 'place', purchase.place, 'from', lower(purchase.wanted),
    'until', upper(purchase.wanted), 'retention_days', purchase.retention_days, 'qualifications', purchase.qualifications,
    'kind', offer.kind, 'billing_period', offer.billing_period,
    'price', json_build_object('minor_units', purchase.price_minor, 'currency', purchase.currency),
    'price_with_tax', json_build_object('minor_units',
        purchase.price_minor + round(purchase.price_minor * offer.vat_rate), 'currency', purchase.currency),
    'requested_at', purchase.requested_at, 'accepted_at', purchase.accepted_at, 'ended_at', purchase.ended_at,
    'ended_as', purchase.ended_as, 'reason', moved.reason, 'moved_at', moved.moved_at, 'cancelled_at', purchase.cancelled_at,
    'entitlement', CASE WHEN entitlement.id IS NOT NULL THEN json_build_object('id', entitlement.id,
        'since', lower(entitlement.valid), 'until', LEAST(upper(entitlement.valid), entitlement.ended_at)) END) AS document
FROM purchase
JOIN purchase_transition AS moved ON moved.enterprise_id = purchase.enterprise_id AND moved.purchase_id = purchase.id
    AND moved.number = purchase.transition
LEFT JOIN entitlement ON entitlement.enterprise_id = purchase.enterprise_id AND entitlement.purchase_id = purchase.id
JOIN product ON product.id = purchase.product_id
JOIN offer ON offer.id = purchase.offer_id;
