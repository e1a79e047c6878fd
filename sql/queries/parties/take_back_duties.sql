-- Gives back to the predecessor of a wrong succession what was open and went to others with it, where those still have it.
-- $1 succession, $2 who corrects it, $3 why, $4 now
WITH back AS (
    UPDATE handed_duty SET taken_back_at = $4 WHERE succession_id = $1 AND taken_back_at IS NULL
    RETURNING kind, subject_id, from_id, to_id
), corrections AS (
    UPDATE correction SET party_id = back.from_id, steps = steps + 1
    FROM back WHERE back.kind = 'correction' AND correction.id = back.subject_id AND correction.party_id = back.to_id
        AND correction.state <> 'fed_back'
    RETURNING correction.enterprise_id, correction.id, correction.steps
), steps AS (
    INSERT INTO correction_step (enterprise_id, correction_id, number, step, party_id, text, taken_at)
    SELECT enterprise_id, id, steps, 'pass_on', $2, $3, $4 FROM corrections
), drafts AS (
    UPDATE directory_draft AS draft SET compiled_by = back.from_id,
        provider_id = CASE WHEN draft.provider_id = back.to_id THEN back.from_id ELSE draft.provider_id END
    FROM back WHERE back.kind = 'draft' AND draft.id = back.subject_id AND draft.compiled_by = back.to_id
        AND draft.state IN ('draft', 'assessed', 'submitted', 'returned', 'approved')
), decisions AS (
    UPDATE purchase_decision AS decision SET party_id = back.from_id
    FROM back WHERE back.kind = 'purchase_decision' AND decision.id = back.subject_id AND decision.party_id = back.to_id
        AND decision.decision IS NULL
), consents AS (
    UPDATE consent SET party_id = COALESCE(side.provider, party_id), operator_id = COALESCE(side.operator, operator_id)
    FROM (SELECT subject_id, (array_agg(from_id) FILTER (WHERE back.kind = 'consent_provider'))[1] AS provider,
            (array_agg(from_id) FILTER (WHERE back.kind = 'consent_operator'))[1] AS operator
        FROM back JOIN consent AS own ON own.id = back.subject_id
        WHERE back.kind = 'consent_provider' AND own.party_id = back.to_id
            OR back.kind = 'consent_operator' AND own.operator_id = back.to_id GROUP BY subject_id) AS side
    WHERE consent.id = side.subject_id
), credentials AS (
    UPDATE credential SET holder_id = COALESCE(side.holder, holder_id), issuer_id = COALESCE(side.issuer, issuer_id)
    FROM (SELECT subject_id, (array_agg(from_id) FILTER (WHERE back.kind = 'credential_holder'))[1] AS holder,
            (array_agg(from_id) FILTER (WHERE back.kind = 'credential_issuer'))[1] AS issuer
        FROM back JOIN credential AS own ON own.id = back.subject_id
        WHERE back.kind = 'credential_holder' AND own.holder_id = back.to_id
            OR back.kind = 'credential_issuer' AND own.issuer_id = back.to_id GROUP BY subject_id) AS side
    WHERE credential.id = side.subject_id
)
UPDATE deadline SET party_id = back.from_id
FROM back WHERE back.kind = 'deadline' AND deadline.id = back.subject_id AND deadline.party_id = back.to_id
    AND deadline.state IN ('running', 'paused');
