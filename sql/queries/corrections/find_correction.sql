-- A correction with every step, as JSON; no row: not the enterprise's. $1 enterprise, $2 correction
SELECT json_build_object('id', correction.id, 'enterprise', enterprise.code, 'purchase', correction.purchase_id,
    'product', product.code, 'title_zh', product.title_zh, 'title_en', product.title_en,
    'revision', correction.revision, 'kind', correction.kind, 'field', correction.field,
    'row_key', correction.row_key, 'description', correction.description, 'evidence', correction.evidence,
    'link', correction.link, 'directory_entry', entry.code, 'responsible', party_summary.document,
    'state', correction.state, 'raised_at', correction.raised_at, 'fed_back_at', correction.fed_back_at,
    'due_on', deadline.due_on, 'paused_since', deadline.paused_at,
    'fixed_entry_version', correction.fixed_entry_version, 'fixed_revision', correction.fixed_revision,
    'steps', (SELECT json_agg(json_build_object('number', step.number, 'step', step.step, 'party', actor.document,
            'answer', step.answer, 'text', step.text, 'basis', step.basis,
            'fixed_entry_version', step.fixed_entry_version, 'fixed_revision', step.fixed_revision,
            'taken_at', step.taken_at) ORDER BY step.number)
        FROM correction_step AS step JOIN party_summary AS actor ON actor.id = step.party_id
        WHERE step.enterprise_id = correction.enterprise_id AND step.correction_id = correction.id))::text
FROM correction
JOIN party AS enterprise ON enterprise.id = correction.enterprise_id
JOIN product ON product.id = correction.product_id
JOIN party_summary ON party_summary.id = correction.party_id
LEFT JOIN directory_entry AS entry ON entry.id = correction.entry_id
LEFT JOIN deadline ON deadline.subject_kind = 'correction' AND deadline.subject_id = correction.id
    AND deadline.rule = 'correction'
WHERE correction.enterprise_id = $1 AND correction.id = $2;
