-- Everything that a party answered for at a time, as far as it was known at another, in the order of the ids: key and
-- JSON per row. What an enterprise uses is not among it: that is in its purchases, which only it sees.
-- $1 party, $2 as of, $3 recorded by, $4 id to start after or null, $5 limit
SELECT held.id::text, jsonb_strip_nulls(jsonb_build_object('role', held.role,
    'links', (SELECT jsonb_agg(link.name ORDER BY link.position) FROM chain_link AS link
              WHERE held.role = ANY(link.roles)
                  AND link.subject_kind = CASE WHEN held.entry_id IS NULL THEN 'product' ELSE 'entry' END),
    'directory_entry', CASE WHEN entry.id IS NOT NULL THEN jsonb_build_object('code', entry.code,
        'version', version.number, 'title', version.title) END,
    'product', CASE WHEN product.id IS NOT NULL THEN jsonb_build_object('code', product.code,
        'title_zh', product.title_zh, 'title_en', product.title_en) END,
    'since', lower(held.valid), 'until', upper(held.valid), 'recorded_at', lower(held.recorded),
    'basis', held.basis, 'basis_sha256', encode(held.basis_sha256, 'hex'),
    'successor', (SELECT jsonb_build_object('party', called.document, 'kind', heir.kind, 'since', heir.effective_at)
        FROM successor_now(held.party_id, held.role, held.subject_id, $3) AS heir,
        LATERAL party_then(heir.party_id, $3, $3) AS called)))::text
FROM responsibility AS held
LEFT JOIN directory_entry AS entry ON entry.id = held.entry_id
LEFT JOIN directory_entry_validity AS validity
    ON validity.entry_id = entry.id AND validity.valid @> $2::timestamptz AND validity.recorded @> $3::timestamptz
LEFT JOIN directory_entry_version AS version ON version.entry_id = entry.id AND version.number = validity.number
LEFT JOIN product ON product.id = held.product_id
WHERE held.party_id = $1 AND held.valid @> $2::timestamptz AND held.recorded @> $3::timestamptz
    AND ($4::uuid IS NULL OR held.id > $4)
ORDER BY held.id LIMIT $5;
