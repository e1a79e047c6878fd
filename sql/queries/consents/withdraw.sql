-- Withdraws a consent that was given and tells the operator; its duty to renew it is void. One row: since when it is
-- withdrawn, which by a clock that lies behind is the time of the answer. No row:
-- unknown, or not given (list_consents tells). $1 consent, $2 reason, $3 who, $4 now
WITH withdrawn AS (
    UPDATE consent SET state = 'withdrawn', withdrawn_at = GREATEST($4, answered_at), withdrawn_by = $3,
        withdrawal_reason = $2
    WHERE id = $1 AND state = 'given'
    RETURNING id, entry_id, operator_id, withdrawn_at
), ended AS (
    UPDATE deadline SET state = 'void', paused_at = NULL, ended_at = $4 FROM withdrawn
    WHERE deadline.subject_kind = 'consent' AND deadline.subject_id = withdrawn.id
        AND deadline.state IN ('running', 'paused')
), told AS (
    INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
    SELECT gen_random_uuid(), withdrawn.operator_id, 'consent.withdrawn', '/consents/' || withdrawn.id,
        format('目录条目 %s 的共享数据：同意已撤回（%s）', entry.code, $2::text),
        format('Consent to use the shared data of the directory entry %s was withdrawn: %s', entry.code, $2::text), $4
    FROM withdrawn JOIN directory_entry AS entry ON entry.id = withdrawn.entry_id
)
SELECT withdrawn_at FROM withdrawn;
