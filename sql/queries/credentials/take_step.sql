-- Moves a credential to a state, if its procedure allows that step to this party now: the step, the duties that it opens
-- and meets, and the notice to the other side land together. Answers the new state; no row: find_credential tells why.
-- $1 credential, $2 state, $3 party, $4 whether the party may act for every issuer, $5 reason or null,
-- $6 number or null, $7 since or null, $8 until (the last day) or null, $9 now
WITH allowed AS MATERIALIZED (
    SELECT credential.id, credential.product_id, credential.kind, credential.state AS from_state, transition.procedure,
        transition.opens, transition.meets, transition.mover
    FROM credential JOIN credential_transition AS transition
        ON transition.procedure = credential.procedure AND transition.from_state = credential.state
    WHERE credential.id = $1 AND transition.to_state = $2
        AND (transition.mover = 'holder' AND credential.holder_id = $3
            OR transition.mover = 'issuer' AND (credential.issuer_id = $3 OR $4))
        AND (NOT transition.needs_reason OR $5::text IS NOT NULL)
    FOR UPDATE OF credential
), moved AS (
    UPDATE credential SET state = $2, number = COALESCE($6, credential.number),
        valid = CASE WHEN $7::date IS NULL THEN credential.valid ELSE daterange($7::date, $8::date, '[]') END
    FROM allowed WHERE credential.id = allowed.id
    RETURNING credential.id, credential.product_id, credential.kind, credential.state, credential.holder_id,
        credential.issuer_id
), step AS (
    INSERT INTO credential_step (credential_id, number, procedure, from_state, to_state, party_id, reason, taken_at)
    SELECT allowed.id, 1 + (SELECT count(*) FROM credential_step WHERE credential_id = allowed.id), allowed.procedure,
        allowed.from_state, $2, $3, $5, $9
    FROM allowed
), ended AS (
    -- A credential that comes into force also ends the duty to renew the one before it.
    UPDATE deadline SET state = CASE WHEN deadline.rule = allowed.meets OR $2 = 'in_force' THEN 'met' ELSE 'void' END,
        paused_at = NULL, ended_at = $9
    FROM allowed
    WHERE deadline.subject_kind = 'credential' AND deadline.state IN ('running', 'paused')
        AND (deadline.subject_id = allowed.id AND (deadline.rule = allowed.meets
                OR $2 IN ('rejected', 'terminated', 'cancelled', 'revoked'))
            OR $2 = 'in_force' AND deadline.rule = 'registration_renewal' AND deadline.subject_id IN (
                SELECT other.id FROM credential AS other
                WHERE other.product_id = allowed.product_id AND other.kind = allowed.kind AND other.id <> allowed.id))
), opened AS (
    INSERT INTO deadline (id, rule, party_id, subject_kind, subject_id, subject_code, began_at, due_on, state)
    SELECT gen_random_uuid(), allowed.opens, moved.issuer_id, 'credential', moved.id, product.code, $9,
        due_on(allowed.opens, $9), 'running'
    FROM allowed JOIN moved USING (id) JOIN product ON product.id = moved.product_id
    WHERE allowed.opens IS NOT NULL
    ON CONFLICT DO NOTHING
), told AS (
    INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
    SELECT gen_random_uuid(), CASE allowed.mover WHEN 'holder' THEN moved.issuer_id ELSE moved.holder_id END,
        'credential.moved', '/products/' || product.code,
        format('产品 %s 的%s：%s%s', product.code, credential_kind.title_zh, CASE $2 WHEN 'submitted' THEN '已提交'
            WHEN 'accepted' THEN '已受理' WHEN 'returned' THEN '退回补正' WHEN 'rejected' THEN '不予登记' WHEN 'in_review' THEN '审核中'
            WHEN 'in_publicity' THEN '公示中' WHEN 'objected' THEN '有异议' WHEN 'terminated' THEN '终止' WHEN 'signed' THEN '已签署'
            WHEN 'filed' THEN '已备案' WHEN 'in_force' THEN '有效' WHEN 'expired' THEN '到期' WHEN 'cancelled' THEN '注销'
            WHEN 'revoked' THEN '撤销' ELSE $2 END, COALESCE('（' || $5 || '）', '')),
        format('%s of product %s is now %s%s', credential_kind.title_en, product.code,
            replace($2, '_', ' '), COALESCE(': ' || $5, '.')), $9
    FROM allowed JOIN moved USING (id) JOIN product ON product.id = moved.product_id
    JOIN credential_kind ON credential_kind.kind = moved.kind
)
SELECT state FROM moved;
