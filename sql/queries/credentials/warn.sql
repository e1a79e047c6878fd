-- Opens the duty to renew each needed credential that ends within the days of the policy and has no successor, and tells
-- its holder, once; answers how many. $1 now
WITH opened AS (
    INSERT INTO deadline (id, rule, party_id, subject_kind, subject_id, subject_code, began_at, due_on, state)
    SELECT gen_random_uuid(), policy.rule, credential.holder_id, 'credential', credential.id, product.code, $1,
        upper(credential.valid) - 1, 'running'
    FROM credential JOIN credential_kind USING (kind) JOIN product ON product.id = credential.product_id
    JOIN policy ON policy.rule = 'registration_renewal' AND policy.effective @> legal_day($1::timestamptz)
    WHERE credential.state = 'in_force' AND credential_kind.needed_for <> 'none'
        AND upper(credential.valid) > legal_day($1::timestamptz)
        AND upper(credential.valid) <= legal_day($1::timestamptz) + policy.days
        AND NOT EXISTS (SELECT FROM credential AS later
            WHERE later.product_id = credential.product_id AND later.kind = credential.kind
                AND later.state = 'in_force' AND upper(later.valid) > upper(credential.valid))
        AND NOT EXISTS (SELECT FROM deadline AS known WHERE known.subject_kind = 'credential'
            AND known.subject_id = credential.id AND known.rule = policy.rule)
    ON CONFLICT DO NOTHING
    RETURNING party_id, subject_id, subject_code, due_on
)
INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
SELECT gen_random_uuid(), opened.party_id, 'credential.ending', '/products/' || opened.subject_code,
    format('产品 %s 的%s将于 %s 到期，请续办。', opened.subject_code, credential_kind.title_zh, opened.due_on),
    format('%s of product %s ends on %s: renew it, or new purchases stop.', credential_kind.title_en, opened.subject_code,
        opened.due_on), $1
FROM opened JOIN credential ON credential.id = opened.subject_id JOIN credential_kind USING (kind);
