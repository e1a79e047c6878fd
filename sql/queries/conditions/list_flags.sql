-- Flagged conditions, oldest first: key and JSON per row.
-- $1 'open', 'accepted', 'refused' or null for all, $2 id to start after or null, $3 limit
SELECT flag.id::text, json_build_object('id', flag.id, 'product', product.code, 'title_zh', product.title_zh,
    'title_en', product.title_en, 'offer', offer.code, 'withdrawn', offer.withdrawn_at IS NOT NULL, 'kind', flag.kind,
    'directory_value', flag.directory_value, 'offered_value', flag.offered_value, 'basis', flag.basis,
    'raised_at', flag.raised_at, 'state', COALESCE(flag.decision, 'open'), 'reason', flag.reason,
    'decided_at', flag.decided_at,
    'decided_by', (SELECT document FROM party_summary WHERE party_summary.id = flag.decided_by))::text
FROM condition_flag AS flag JOIN offer ON offer.id = flag.offer_id JOIN product ON product.id = offer.product_id
WHERE ($1::text IS NULL OR COALESCE(flag.decision, 'open') = $1 AND (flag.decision IS NOT NULL OR offer.withdrawn_at IS NULL))
    AND ($2::uuid IS NULL OR flag.id > $2)
ORDER BY flag.id LIMIT $3;
