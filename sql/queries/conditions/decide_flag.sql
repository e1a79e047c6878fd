-- Accepts or refuses the basis of a flagged condition, once, and tells the operator; no row: unknown or decided already.
-- $1 flag, $2 'accepted' or 'refused', $3 basis or reason, $4 officer, $5 now
WITH decided AS (
    UPDATE condition_flag SET decision = $2, reason = $3, decided_by = $4, decided_at = $5
    WHERE id = $1 AND decision IS NULL
    RETURNING id, offer_id, kind, decision, reason
), told AS (
    INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
    SELECT gen_random_uuid(), responsibility.party_id, 'condition.decided', '/operator',
        format('挂牌 %s 的使用条件 %s：依据%s（%s）。', offer.code, decided.kind,
            CASE decided.decision WHEN 'accepted' THEN '已接受' ELSE '未被接受' END, decided.reason),
        format('The basis of the condition %s of the offer %s was %s: %s', decided.kind, offer.code, decided.decision,
            decided.reason), $5
    FROM decided JOIN offer ON offer.id = decided.offer_id
    JOIN responsibility ON responsibility.subject_id = offer.product_id AND responsibility.role = 'operator'
        AND upper_inf(responsibility.valid) AND upper_inf(responsibility.recorded)
)
SELECT id FROM decided;
