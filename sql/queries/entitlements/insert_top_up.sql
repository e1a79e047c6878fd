-- Grants more of a meter to the entitlement of a locked purchase and tells both sides. No row: it has none that lasts into
-- the period of the top-up, or grants no quota of the meter.
-- $1 enterprise, $2 purchase, $3 meter, $4 id, $5 quantity, $6 whether hard, $7 priority, $8 from, $9 until or null,
-- $10 party, $11 reason, $12 event id, $13 now
WITH granted AS (
    INSERT INTO entitlement_grant (enterprise_id, entitlement_id, meter, id, quantity, hard, carry_over, priority, valid,
        since, granted_by, reason, granted_at)
    SELECT $1, entitlement.id, $3, $4, $5, $6, 0, $7, part.valid, lower(part.valid), $10, $11, $13
    FROM entitlement CROSS JOIN LATERAL (SELECT tstzrange(lower(entitlement.valid),
        LEAST(upper(entitlement.valid), entitlement.ended_at)) * tstzrange($8, $9) AS valid) AS part
    WHERE entitlement.enterprise_id = $1 AND entitlement.purchase_id = $2 AND NOT isempty(part.valid)
        AND EXISTS (SELECT FROM entitlement_grant AS other WHERE other.enterprise_id = $1
            AND other.entitlement_id = entitlement.id AND other.meter = $3)
    RETURNING entitlement_id
), told AS (
    INSERT INTO market_event (enterprise_id, id, type, purchase_id, subject_id, data, occurred_at)
    SELECT $1, $12, 'entitlement.topped_up', $2, granted.entitlement_id,
        jsonb_build_object('meter', $3::text, 'quantity', $5::numeric, 'reason', $11::text), $13
    FROM granted
), noticed AS (
    INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
    SELECT gen_random_uuid(), side.party_id, 'entitlement.topped_up', side.path || $2::text,
        format('“%s”的使用权已追加额度：%s %s。理由：%s', product.title_zh, meter.title_zh, $5, $11),
        format('The entitlement to "%s" was topped up: %s %s. Reason: %s', product.title_en, $5, meter.title_en, $11), $13
    FROM granted, purchase JOIN product ON product.id = purchase.product_id, meter, LATERAL (
        SELECT $1 AS party_id, '/purchases/' AS path UNION ALL SELECT $10, '/sales/') AS side
    WHERE purchase.enterprise_id = $1 AND purchase.id = $2 AND meter.code = $3
)
SELECT $4::uuid FROM granted;
