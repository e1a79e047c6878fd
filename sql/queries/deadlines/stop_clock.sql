-- Stops the clock of a party's running duty while another completes its papers, and tells that one. A row: it stands. No
-- row: find_clock tells why. $1 deadline, $2 party, $3 reason, $4 code of the party waited for, $5 now
WITH stopped AS (
    UPDATE deadline SET state = 'paused', paused_at = $5
    FROM party AS awaited
    WHERE deadline.id = $1 AND deadline.party_id = $2 AND deadline.state = 'running' AND NOT deadline.is_fixed
        AND awaited.code = $4
    RETURNING deadline.id, deadline.rule, deadline.party_id, deadline.subject_code, deadline.began_at,
        awaited.id AS awaited_id
), noted AS (
    INSERT INTO deadline_pause (deadline_id, number, reason, awaited_id, paused_by, paused_at)
    SELECT id, 1 + (SELECT count(*) FROM deadline_pause WHERE deadline_id = stopped.id), $3, awaited_id, $2, $5
    FROM stopped
), told AS (
    INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
    SELECT gen_random_uuid(), stopped.awaited_id, 'deadline.paused', '/parties/' || waiting.code,
        format('%s 等待贵单位补齐材料（%s，%s）：%s', waiting.name, COALESCE(policy.title_zh, stopped.rule),
            stopped.subject_code, $3::text),
        format('%s waits for your papers (%s, %s): %s', waiting.name, COALESCE(policy.title_en, stopped.rule),
            stopped.subject_code, $3::text), $5
    FROM stopped JOIN party AS waiting ON waiting.id = stopped.party_id
    LEFT JOIN policy ON policy.rule = stopped.rule AND policy.effective @> legal_day(stopped.began_at)
)
SELECT id FROM stopped;
