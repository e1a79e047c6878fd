-- A draft with its steps, as JSON, for who compiled it or decides on it; no row: there is none for the party.
-- $1 draft, $2 party
SELECT json_strip_nulls(json_build_object(
    'id', draft.id, 'entry', draft.entry_code, 'kind', draft.kind, 'state', draft.state,
    'source', json_build_object('code', source.code, 'title', source.title),
    'title', COALESCE(draft.document->'titles'->0->>'text', newest.title),
    'reason', draft.reason, 'basis', draft.basis, 'base_version', draft.base_version,
    'version', draft.restated_version, 'valid_from', draft.valid_from, 'valid_until', draft.valid_until,
    'fields', entry_fields(draft.document),
    'provider', provider.document, 'contact', contact.document, 'security', security.document,
    'competent_body', competent.document, 'compiled_by', compiler.document, 'compiled_at', draft.compiled_at,
    'is_own', draft.compiled_by = $2, 'is_competent', body.party_id = $2,
    'secrecy', draft.secrecy, 'assessed_at', draft.assessed_at, 'submitted_at', draft.submitted_at,
    'returned_at', draft.returned_at, 'decided_at', draft.decided_at, 'decision_basis', draft.decision_basis,
    'released_at', draft.released_at, 'withdrawn_at', draft.withdrawn_at,
    'due', (SELECT json_build_object('on', due_on, 'state', deadline.state) FROM deadline
            WHERE subject_kind = 'directory_draft' AND subject_id = draft.id ORDER BY began_at DESC LIMIT 1),
    'steps', (SELECT json_agg(json_build_object('number', step.number, 'step', step.step, 'at', step.taken_at,
                    'party', party_summary.document, 'reason', step.reason, 'details',
                    CASE WHEN step.step IN ('compiled', 'edited') THEN entry_fields(step.details)
                        ELSE step.details END) ORDER BY step.number)
              FROM directory_draft_step AS step JOIN party_summary ON party_summary.id = step.party_id
              WHERE step.draft_id = draft.id)))::text
FROM directory_draft AS draft
JOIN directory_source AS source ON source.id = draft.source_id
JOIN source_competent_body AS body ON body.source_id = draft.source_id
JOIN party_summary AS compiler ON compiler.id = draft.compiled_by
LEFT JOIN party_summary AS competent ON competent.id = body.party_id
LEFT JOIN party_summary AS provider ON provider.id = draft.provider_id
LEFT JOIN party_summary AS contact ON contact.id = draft.contact_id
LEFT JOIN party_summary AS security ON security.id = draft.security_id
LEFT JOIN LATERAL (SELECT title FROM directory_entry_version WHERE entry_id = draft.entry_id
                   ORDER BY number DESC LIMIT 1) AS newest ON true
WHERE draft.id = $1 AND (draft.compiled_by = $2 OR body.party_id = $2);
