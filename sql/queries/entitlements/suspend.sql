-- Suspends the entitlement of a locked purchase and tells both sides; no row: it has none, it ended, or it is suspended.
-- $1 enterprise, $2 purchase, $3 party, $4 reason, $5 event id, $6 now
WITH suspended AS (
    UPDATE entitlement SET suspended_at = $6, suspended_by = $3, suspension_reason = $4
    WHERE enterprise_id = $1 AND purchase_id = $2 AND suspended_at IS NULL AND COALESCE(ended_at, upper(valid)) > $6
    RETURNING id, product_id
), told AS (
    INSERT INTO market_event (enterprise_id, id, type, purchase_id, subject_id, data, occurred_at)
    SELECT $1, $5, 'entitlement.suspended', $2, id, jsonb_build_object('reason', $4::text), $6 FROM suspended
), noticed AS (
    INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
    SELECT gen_random_uuid(), side.party_id, 'entitlement.suspended', side.path || $2::text,
        format('“%s”的使用权已暂停。理由：%s', product.title_zh, $4),
        format('The entitlement to "%s" is suspended. Reason: %s', product.title_en, $4), $6
    FROM suspended JOIN product ON product.id = suspended.product_id, LATERAL (
        SELECT $1 AS party_id, '/purchases/' AS path
        UNION ALL SELECT held.party_id, '/sales/' FROM responsibility AS held WHERE held.subject_id = product.id
            AND held.role = 'operator' AND upper_inf(held.valid) AND upper_inf(held.recorded)) AS side
)
SELECT id FROM suspended;
