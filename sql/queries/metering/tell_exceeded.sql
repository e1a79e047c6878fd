-- Tells the buyer and the operator that what a soft quota grants is exceeded. $1 enterprises, $2 entitlements, $3 meters, $4 now
INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
SELECT gen_random_uuid(), side.party_id, 'entitlement.exceeded', side.path || entitlement.purchase_id,
    format('“%s”的%s已超出额度（软额度，可继续使用）。', product.title_zh, meter.title_zh),
    format('The quota of "%s" (%s) is exceeded; it is soft and lets more through.', product.title_en, meter.title_en), $4
FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS exceeded (enterprise_id, entitlement_id, meter)
JOIN entitlement ON entitlement.enterprise_id = exceeded.enterprise_id AND entitlement.id = exceeded.entitlement_id
JOIN product ON product.id = entitlement.product_id
JOIN meter ON meter.code = exceeded.meter
CROSS JOIN LATERAL (
    SELECT entitlement.enterprise_id AS party_id, '/purchases/' AS path
    UNION ALL SELECT owner.party_id, '/sales/' FROM responsibility AS owner WHERE owner.subject_id = product.id
        AND owner.role = 'operator' AND upper_inf(owner.valid) AND upper_inf(owner.recorded)) AS side;
