-- The products that a party operates, by code, with state, blockers and open suspensions: key and JSON per row.
-- $1 party, $2 now, $3 product code to start after or null, $4 limit
SELECT product.code, json_build_object('code', product.code, 'title_zh', product.title_zh, 'title_en', product.title_en,
    'state', CASE WHEN product.listed_at IS NULL THEN 'draft' WHEN product.delisted_at IS NOT NULL THEN 'delisted'
        WHEN suspensions.document IS NOT NULL THEN 'suspended' ELSE 'listed' END,
    'listed_at', product.listed_at,
    'blockers', (SELECT COALESCE(json_agg(json_build_object('kind', kind, 'subject', subject, 'message_zh', message_zh,
        'message_en', message_en) ORDER BY kind, subject), '[]'::json) FROM product_blocker(product.id, $2)),
    'suspensions', COALESCE(suspensions.document, '[]'::json))::text
FROM responsibility JOIN product ON product.id = responsibility.product_id
LEFT JOIN LATERAL (
    SELECT json_agg(json_build_object('cause', cause, 'reason_zh', reason_zh, 'reason_en', reason_en,
        'suspended_at', suspended_at) ORDER BY suspended_at) AS document
    FROM product_suspension WHERE product_suspension.product_id = product.id AND lifted_at IS NULL) AS suspensions ON true
WHERE responsibility.party_id = $1 AND responsibility.role = 'operator'
    AND upper_inf(responsibility.valid) AND upper_inf(responsibility.recorded)
    AND ($3::text IS NULL OR product.code > $3)
ORDER BY product.code LIMIT $4;
