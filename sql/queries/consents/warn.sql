-- Opens the operator's duty to renew each consent that ends within the days of the policy and that no later one carries
-- on, and tells it, once; answers how many. $1 now
WITH opened AS (
    INSERT INTO deadline (id, rule, party_id, subject_kind, subject_id, subject_code, began_at, due_on, state)
    SELECT gen_random_uuid(), policy.rule, consent.operator_id, 'consent', consent.id, entry.code, $1,
        upper(consent.valid) - 1, 'running'
    FROM consent JOIN directory_entry AS entry ON entry.id = consent.entry_id
    JOIN policy ON policy.rule = 'consent_renewal' AND policy.effective @> legal_day($1::timestamptz)
    WHERE consent.state = 'given' AND upper(consent.valid) > legal_day($1::timestamptz)
        AND upper(consent.valid) <= legal_day($1::timestamptz) + policy.days
        AND NOT EXISTS (SELECT FROM consent AS later
            WHERE later.entry_id = consent.entry_id AND later.party_id = consent.party_id
                AND later.operator_id = consent.operator_id AND later.state = 'given'
                AND (later.product_id IS NULL OR later.product_id = consent.product_id)
                AND later.valid @> upper(consent.valid))
        AND NOT EXISTS (SELECT FROM deadline AS known WHERE known.subject_kind = 'consent'
            AND known.subject_id = consent.id AND known.rule = policy.rule)
    ON CONFLICT DO NOTHING
    RETURNING party_id, subject_code, due_on
)
INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
SELECT gen_random_uuid(), opened.party_id, 'consent.ending', '/directory/' || opened.subject_code,
    format('目录条目 %s 的共享数据使用同意将于 %s 到期，请续办。', opened.subject_code, opened.due_on),
    format('The consent to use the shared data of the directory entry %s ends on %s; please have it renewed.',
        opened.subject_code, opened.due_on), $1
FROM opened;
