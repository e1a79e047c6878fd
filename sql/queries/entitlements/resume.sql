-- Resumes the suspended entitlement of a locked purchase and tells both sides; no row: it is not suspended.
-- $1 enterprise, $2 purchase, $3 reason, $4 event id, $5 now
WITH resumed AS (
    UPDATE entitlement SET suspended_at = NULL, suspended_by = NULL, suspension_reason = NULL
    WHERE enterprise_id = $1 AND purchase_id = $2 AND suspended_at IS NOT NULL
    RETURNING id, product_id
), told AS (
    INSERT INTO market_event (enterprise_id, id, type, purchase_id, subject_id, data, occurred_at)
    SELECT $1, $4, 'entitlement.resumed', $2, id, jsonb_build_object('reason', $3::text), $5 FROM resumed
), noticed AS (
    INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
    SELECT gen_random_uuid(), side.party_id, 'entitlement.resumed', side.path || $2::text,
        format('“%s”的使用权已恢复。理由：%s', product.title_zh, $3),
        format('The entitlement to "%s" is resumed. Reason: %s', product.title_en, $3), $5
    FROM resumed JOIN product ON product.id = resumed.product_id, LATERAL (
        SELECT $1 AS party_id, '/purchases/' AS path
        UNION ALL SELECT held.party_id, '/sales/' FROM responsibility AS held WHERE held.subject_id = product.id
            AND held.role = 'operator' AND upper_inf(held.valid) AND upper_inf(held.recorded)) AS side
)
SELECT id FROM resumed;
