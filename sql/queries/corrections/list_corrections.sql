-- Corrections, newest first: key and JSON per row. An enterprise sees its own by enterprise_id; an operator those it
-- answers for or that are about its products; an administrator all (a declared list across enterprises).
-- $1 enterprise or null, $2 party that answers or operates or null, $3 state or null, $4 id to start below or null, $5 limit
SELECT correction.id::text, json_build_object('id', correction.id, 'product', product.code,
    'title_zh', product.title_zh, 'title_en', product.title_en, 'kind', correction.kind, 'field', correction.field,
    'link', correction.link, 'state', correction.state, 'responsible', party_summary.document,
    'raised_at', correction.raised_at, 'due_on', deadline.due_on)::text
FROM correction
JOIN product ON product.id = correction.product_id
JOIN party_summary ON party_summary.id = correction.party_id
LEFT JOIN deadline ON deadline.subject_kind = 'correction' AND deadline.subject_id = correction.id
    AND deadline.rule = 'correction'
WHERE ($1::uuid IS NULL OR correction.enterprise_id = $1)
    AND ($2::uuid IS NULL OR correction.party_id = $2 OR correction.product_id IN (
        SELECT held.product_id FROM responsibility AS held WHERE held.party_id = $2
            AND held.role IN ('operator', 'seller') AND upper_inf(held.valid) AND upper_inf(held.recorded)))
    AND ($3::text IS NULL OR correction.state = $3) AND ($4::uuid IS NULL OR correction.id < $4)
ORDER BY correction.id DESC LIMIT $5;
