-- Gives or refuses a consent that was asked for, by the department or by an administration that holds its document; meets
-- the duty to answer, and that to renew an earlier consent, and tells the operator. One row: the entry. No row: unknown,
-- or answered already. $1 consent, $2 'given' or 'refused', $3 reason or null, $4 since or null, $5 until (the last day) or null, $6 document or null, $7 its SHA-256 or null,
-- $8 who, $9 now
WITH answered AS (
    UPDATE consent SET state = $2, reason = $3, valid = daterange($4::date, $5::date, '[]'), document = $6,
        document_sha256 = $7, answered_at = $9, answered_by = $8
    WHERE id = $1 AND state = 'asked'
    RETURNING id, entry_id, party_id, operator_id, product_id, state, reason
), met AS (
    UPDATE deadline SET state = 'met', paused_at = NULL, ended_at = $9 FROM answered
    WHERE deadline.subject_kind = 'consent' AND deadline.state IN ('running', 'paused')
        AND (deadline.subject_id = answered.id
            OR deadline.rule = 'consent_renewal' AND answered.state = 'given' AND deadline.subject_id IN (
                SELECT earlier.id FROM consent AS earlier
                WHERE earlier.entry_id = answered.entry_id AND earlier.party_id = answered.party_id
                    AND earlier.operator_id = answered.operator_id
                    -- One that leaves a day between is no renewal.
                    AND daterange($4::date, $5::date, '[]') @> upper(earlier.valid)
                    AND (answered.product_id IS NULL OR earlier.product_id = answered.product_id)))
), told AS (
    INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
    SELECT gen_random_uuid(), answered.operator_id, 'consent.answered', '/consents/' || answered.id,
        format('目录条目 %s 的共享数据：%s%s', entry.code,
            CASE answered.state WHEN 'given' THEN '已同意' ELSE '未同意' END, COALESCE('（' || answered.reason || '）', '')),
        format('Consent to use the shared data of the directory entry %s was %s%s', entry.code, answered.state,
            COALESCE(': ' || answered.reason, '.')), $9
    FROM answered JOIN directory_entry AS entry ON entry.id = answered.entry_id
)
SELECT entry_id FROM answered;
