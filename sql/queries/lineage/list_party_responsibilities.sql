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
-- The limit keeps the planner from reading everything in force first, which it takes for few rows.
LEFT JOIN LATERAL (
    SELECT number FROM directory_entry_validity
    WHERE entry_id = entry.id AND valid @> $2::timestamptz AND recorded @> $3::timestamptz LIMIT 1
) AS validity ON true
LEFT JOIN directory_entry_version AS version ON version.entry_id = entry.id AND version.number = validity.number
LEFT JOIN product ON product.id = held.product_id
WHERE held.party_id = $1 AND held.id > COALESCE($4::uuid, '00000000-0000-0000-0000-000000000000')
    -- In a scalar, so that the party's own are read in the order of their ids and not everybody's by period.
    AND (SELECT held.valid @> $2::timestamptz AND held.recorded @> $3::timestamptz)
ORDER BY held.id LIMIT $5;
