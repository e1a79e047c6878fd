-- Withdraws a consent that was given and tells the operator; answers the entry. No row: unknown, or not in force to be
-- withdrawn. $1 consent, $2 reason, $3 who, $4 now
WITH withdrawn AS (
    UPDATE consent SET state = 'withdrawn', withdrawn_at = $4, withdrawn_by = $3, withdrawal_reason = $2
    WHERE id = $1 AND state = 'given'
    RETURNING id, entry_id, operator_id
), told AS (
    INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
    SELECT gen_random_uuid(), withdrawn.operator_id, 'consent.withdrawn', '/consents/' || withdrawn.id,
        format('目录条目 %s 的共享数据：同意已撤回（%s）', entry.code, $2::text),
        format('Consent to use the shared data of the directory entry %s was withdrawn: %s', entry.code, $2::text), $4
    FROM withdrawn JOIN directory_entry AS entry ON entry.id = withdrawn.entry_id
)
SELECT entry_id FROM withdrawn;
