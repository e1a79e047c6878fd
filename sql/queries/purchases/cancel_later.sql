-- Cancels a locked active purchase to the end of what is paid for, and tells both sides. No row: it is not active, or was
-- cancelled before. $1 enterprise, $2 purchase, $3 reason, $4 now
WITH closed AS (
    UPDATE entitlement
    SET ended_at = paid_until(entitlement.valid, offer.trial_days, offer.billing_period, $4)
    FROM purchase JOIN offer ON offer.id = purchase.offer_id
    WHERE entitlement.enterprise_id = $1 AND entitlement.purchase_id = $2 AND purchase.enterprise_id = $1
        AND purchase.id = $2 AND purchase.state = 'active' AND purchase.cancelled_at IS NULL
    RETURNING entitlement.ended_at
), noticed AS (
    INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
    SELECT gen_random_uuid(), side.party_id, 'purchase.cancelled', side.path || $2::text,
        format('采购“%s”已由买方取消，使用权至 %s。理由：%s', product.title_zh,
            to_char(closed.ended_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI'), $3::text),
        format('Purchase of "%s": cancelled by the buyer, entitled until %s. Reason: %s', product.title_en,
            to_char(closed.ended_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI'), $3::text), $4
    FROM closed, purchase JOIN product ON product.id = purchase.product_id, LATERAL (
        SELECT purchase.enterprise_id AS party_id, '/purchases/' AS path
        UNION ALL SELECT held.party_id, '/sales/' FROM responsibility AS held WHERE held.subject_id = product.id
            AND held.role = 'operator' AND upper_inf(held.valid) AND upper_inf(held.recorded)) AS side
    WHERE purchase.enterprise_id = $1 AND purchase.id = $2
)
UPDATE purchase SET cancelled_at = $4, cancellation_reason = $3 FROM closed
WHERE purchase.enterprise_id = $1 AND purchase.id = $2
RETURNING purchase.id;
