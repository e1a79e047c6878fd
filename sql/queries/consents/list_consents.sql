-- Consents asked for, oldest first: key and JSON per row. $1 operator or null for all, $2 consent or null for all,
-- $3 id to start after or null, $4 limit
SELECT consent.id::text, json_build_object('id', consent.id, 'entry', entry.code,
    'entry_title', (SELECT title FROM directory_entry_version AS version WHERE version.entry_id = entry.id
                    ORDER BY number DESC LIMIT 1),
    'product', product.code, 'product_title_zh', product.title_zh, 'product_title_en', product.title_en,
    'provider', (SELECT document FROM party_summary WHERE party_summary.id = consent.party_id),
    'operator', (SELECT document FROM party_summary WHERE party_summary.id = consent.operator_id),
    'state', consent.state, 'asked_at', consent.asked_at, 'reason', consent.reason, 'since', lower(consent.valid),
    'until', upper(consent.valid) - 1, 'document', consent.document,
    'document_sha256', encode(consent.document_sha256, 'hex'), 'answered_at', consent.answered_at,
    'answered_by', (SELECT document FROM party_summary WHERE party_summary.id = consent.answered_by),
    'withdrawn_at', consent.withdrawn_at, 'withdrawal_reason', consent.withdrawal_reason,
    'withdrawn_by', (SELECT document FROM party_summary WHERE party_summary.id = consent.withdrawn_by),
    'due_on', (SELECT due_on FROM deadline WHERE deadline.subject_kind = 'consent' AND deadline.subject_id = consent.id
               ORDER BY began_at DESC LIMIT 1))::text
FROM consent JOIN directory_entry AS entry ON entry.id = consent.entry_id
LEFT JOIN product ON product.id = consent.product_id
WHERE ($1::uuid IS NULL OR consent.operator_id = $1) AND ($2::uuid IS NULL OR consent.id = $2)
    AND ($3::uuid IS NULL OR consent.id > $3)
ORDER BY consent.id LIMIT $4;
