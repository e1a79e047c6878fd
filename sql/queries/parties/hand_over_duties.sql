-- Gives what is open with a succeeded party to its successors, each to who takes the role for the subject: corrections,
-- drafts of directory entries, decisions on requests to buy, consents and credentials that stand, and deadlines. Successors are
-- told how many.
-- $1 succession, $2 who recorded it, $3 now
WITH succession AS MATERIALIZED (
    SELECT id, predecessor_id AS body_id, kind || ': ' || basis AS basis FROM party_succession WHERE id = $1
), duty AS MATERIALIZED (
    SELECT 'correction' AS kind, correction.id AS subject_id,
        CASE correction.link WHEN 'source' THEN 'provider' WHEN 'publication' THEN 'publisher' ELSE 'operator' END AS role,
        COALESCE(correction.entry_id, correction.product_id) AS about_id
    FROM succession JOIN correction ON correction.party_id = body_id WHERE correction.state <> 'fed_back'
    UNION ALL
    SELECT 'draft', draft.id, 'provider', draft.entry_id
    FROM succession JOIN directory_draft AS draft ON draft.compiled_by = body_id
    WHERE draft.state IN ('draft', 'assessed', 'submitted', 'returned', 'approved')
    UNION ALL
    SELECT 'purchase_decision', decision.id, decision.role, CASE decision.role WHEN 'operator' THEN purchase.product_id ELSE (
        SELECT used.entry_id FROM product_revision_source AS used
        JOIN responsibility AS held ON held.subject_id = used.entry_id AND held.role = 'provider' AND $1 = ANY(succession_ids)
        WHERE used.product_id = purchase.product_id AND used.number = purchase.revision ORDER BY used.entry_id LIMIT 1) END
    FROM succession JOIN purchase_decision AS decision ON decision.party_id = body_id
    JOIN purchase ON purchase.enterprise_id = decision.enterprise_id AND purchase.id = decision.purchase_id
    WHERE decision.decision IS NULL AND purchase.state = 'requested'
    UNION ALL
    SELECT 'consent_provider', consent.id, 'provider', consent.entry_id
    FROM succession JOIN consent ON consent.party_id = body_id WHERE consent.state IN ('asked', 'given')
    UNION ALL
    SELECT 'consent_operator', consent.id, 'operator', consent.product_id
    FROM succession JOIN consent ON consent.operator_id = body_id WHERE consent.state IN ('asked', 'given')
    UNION ALL
    SELECT holding.kind, credential.id, holding.role, credential.product_id
    FROM succession JOIN credential ON body_id IN (credential.holder_id, credential.issuer_id)
    CROSS JOIN LATERAL (VALUES ('credential_holder', 'operator', credential.holder_id),
        ('credential_issuer', 'authoriser', credential.issuer_id)) AS holding (kind, role, party_id)
    WHERE holding.party_id = body_id
        AND credential.state NOT IN ('rejected', 'terminated', 'expired', 'cancelled', 'revoked')
    UNION ALL
    SELECT 'deadline', deadline.id, about.role, about.id
    FROM succession JOIN deadline ON deadline.party_id = body_id
    LEFT JOIN correction ON deadline.subject_kind = 'correction' AND correction.id = deadline.subject_id
    LEFT JOIN purchase_decision AS decision
        ON deadline.subject_kind = 'purchase_decision' AND decision.id = deadline.subject_id
    LEFT JOIN purchase ON purchase.enterprise_id = decision.enterprise_id AND purchase.id = decision.purchase_id
    LEFT JOIN consent ON deadline.subject_kind = 'consent' AND consent.id = deadline.subject_id
    LEFT JOIN credential ON deadline.subject_kind = 'credential' AND credential.id = deadline.subject_id
    CROSS JOIN LATERAL (SELECT
        CASE deadline.subject_kind
            WHEN 'correction' THEN CASE correction.link WHEN 'source' THEN 'provider' WHEN 'publication' THEN 'publisher'
                ELSE 'operator' END
            WHEN 'purchase_decision' THEN decision.role
            WHEN 'consent' THEN CASE deadline.rule WHEN 'consent_renewal' THEN 'operator' ELSE 'provider' END
            WHEN 'credential' THEN CASE WHEN credential.holder_id = body_id THEN 'operator' ELSE 'authoriser' END
            WHEN 'directory_draft' THEN 'publisher'
            WHEN 'directory_entry' THEN 'provider'
            ELSE 'operator' END AS role,
        CASE deadline.subject_kind
            WHEN 'correction' THEN COALESCE(correction.entry_id, correction.product_id)
            WHEN 'purchase_decision' THEN CASE decision.role WHEN 'operator' THEN purchase.product_id END
            WHEN 'consent' THEN CASE deadline.rule WHEN 'consent_renewal' THEN consent.product_id ELSE consent.entry_id END
            WHEN 'credential' THEN credential.product_id
            ELSE deadline.subject_id END AS id) AS about
    WHERE deadline.state IN ('running', 'paused')
), handed AS (
    INSERT INTO handed_duty (succession_id, kind, subject_id, from_id, to_id, handed_at)
    SELECT succession.id, duty.kind, duty.subject_id, succession.body_id, heir.party_id, $3
    FROM succession CROSS JOIN duty CROSS JOIN LATERAL succession_heir(succession.id, duty.role, duty.about_id) AS heir
    ON CONFLICT DO NOTHING
    RETURNING kind, subject_id, to_id
), corrections AS (
    UPDATE correction SET party_id = handed.to_id, steps = steps + 1
    FROM handed WHERE handed.kind = 'correction' AND correction.id = handed.subject_id
    RETURNING correction.enterprise_id, correction.id, correction.steps
), steps AS (
    INSERT INTO correction_step (enterprise_id, correction_id, number, step, party_id, text, taken_at)
    SELECT corrections.enterprise_id, corrections.id, corrections.steps, 'pass_on', $2, succession.basis, $3
    FROM corrections, succession
), drafts AS (
    UPDATE directory_draft AS draft SET compiled_by = handed.to_id,
        provider_id = CASE WHEN draft.provider_id = draft.compiled_by THEN handed.to_id ELSE draft.provider_id END
    FROM handed WHERE handed.kind = 'draft' AND draft.id = handed.subject_id
        AND NOT EXISTS (SELECT FROM directory_draft AS other WHERE other.compiled_by = handed.to_id AND other.key = draft.key)
), settled AS (
    -- A party decides once: what it has to decide in another role already is no second duty.
    DELETE FROM purchase_decision AS decision USING handed, purchase_decision AS other
    WHERE handed.kind = 'purchase_decision' AND decision.id = handed.subject_id
        AND other.enterprise_id = decision.enterprise_id AND other.purchase_id = decision.purchase_id
        AND other.round = decision.round AND other.party_id = handed.to_id AND other.decision IS NULL
    RETURNING decision.id
), decisions AS (
    UPDATE purchase_decision AS decision SET party_id = handed.to_id
    FROM handed WHERE handed.kind = 'purchase_decision' AND decision.id = handed.subject_id
        -- A party decides once.
        AND NOT EXISTS (SELECT FROM purchase_decision AS other WHERE other.enterprise_id = decision.enterprise_id
            AND other.purchase_id = decision.purchase_id AND other.round = decision.round
            AND other.party_id = handed.to_id)
), consents AS (
    -- One row may change on both sides, and a statement changes a row once.
    UPDATE consent SET party_id = COALESCE(side.provider, party_id), operator_id = COALESCE(side.operator, operator_id)
    FROM (SELECT subject_id, (array_agg(to_id) FILTER (WHERE kind = 'consent_provider'))[1] AS provider,
            (array_agg(to_id) FILTER (WHERE kind = 'consent_operator'))[1] AS operator
        FROM handed WHERE kind IN ('consent_provider', 'consent_operator') GROUP BY subject_id) AS side
    -- What the successor was asked for itself is one request.
    WHERE consent.id = side.subject_id AND NOT (consent.state = 'asked' AND EXISTS (SELECT FROM consent AS other
        WHERE other.state = 'asked' AND other.id <> consent.id AND other.entry_id = consent.entry_id
            AND other.party_id = COALESCE(side.provider, consent.party_id)
            AND other.operator_id = COALESCE(side.operator, consent.operator_id)
            AND other.product_id IS NOT DISTINCT FROM consent.product_id))
), credentials AS (
    UPDATE credential SET holder_id = COALESCE(side.holder, holder_id), issuer_id = COALESCE(side.issuer, issuer_id)
    FROM (SELECT subject_id, (array_agg(to_id) FILTER (WHERE kind = 'credential_holder'))[1] AS holder,
            (array_agg(to_id) FILTER (WHERE kind = 'credential_issuer'))[1] AS issuer
        FROM handed WHERE kind IN ('credential_holder', 'credential_issuer') GROUP BY subject_id) AS side
    WHERE credential.id = side.subject_id
), deadlines AS (
    UPDATE deadline SET party_id = handed.to_id,
        state = CASE WHEN settled.id IS NULL THEN deadline.state ELSE 'void' END,
        paused_at = CASE WHEN settled.id IS NULL THEN deadline.paused_at END,
        ended_at = CASE WHEN settled.id IS NOT NULL THEN $3::timestamptz END
    FROM handed JOIN deadline AS own ON own.id = handed.subject_id LEFT JOIN settled ON settled.id = own.subject_id
    WHERE handed.kind = 'deadline' AND deadline.id = handed.subject_id
)
INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
SELECT gen_random_uuid(), handed.to_id, 'party.duties', '/deadlines',
    format('接手 %s 未办结的事项：目录草稿 %s 份，校核 %s 件，采购审批 %s 件，同意 %s 件，凭证 %s 件，期限 %s 项。', body.name, tally.drafts,
        tally.corrections, tally.decisions, tally.consents, tally.credentials, tally.deadlines),
    format('Taken over from %s: %s drafts, %s corrections, %s decisions on purchases, %s consents, %s credentials, %s deadlines.',
        COALESCE(body.name_en, body.name), tally.drafts, tally.corrections, tally.decisions, tally.consents, tally.credentials,
        tally.deadlines), $3
FROM succession JOIN party AS body ON body.id = succession.body_id
CROSS JOIN (SELECT DISTINCT to_id FROM handed) AS handed
CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE kind = 'draft') AS drafts,
    count(*) FILTER (WHERE kind = 'correction') AS corrections,
    count(*) FILTER (WHERE kind = 'purchase_decision') AS decisions,
    count(*) FILTER (WHERE kind IN ('consent_provider', 'consent_operator')) AS consents,
    count(*) FILTER (WHERE kind IN ('credential_holder', 'credential_issuer')) AS credentials,
    count(*) FILTER (WHERE kind = 'deadline') AS deadlines
    FROM handed AS all_handed WHERE all_handed.to_id = handed.to_id) AS tally;
