-- The chain of a product's revision that was newest at a time, as JSON, as far as it was known at another, with the
-- successors of those who answered; no row: unknown. $1 product code, $2 as of, $3 recorded by
WITH made AS (
    SELECT product.id, product.code, revision.number
    FROM product
    JOIN LATERAL (SELECT number FROM product_revision
                  WHERE product_id = product.id AND published_at <= $2 ORDER BY number DESC LIMIT 1) AS revision ON true
    WHERE product.code = $1
)
SELECT json_build_object('product', made.code, 'revision', made.number, 'as_of', $2::timestamptz,
    'recorded_by', $3::timestamptz,
    'directory_entries', (SELECT COALESCE(json_agg(json_build_object('code', entry.code, 'version', used.entry_version,
            'basis', used.basis) ORDER BY entry.code), '[]')
        FROM product_revision_source AS used JOIN directory_entry AS entry ON entry.id = used.entry_id
        WHERE used.product_id = made.id AND used.number = made.number),
    'links', (SELECT json_agg(shown.document ORDER BY demanded.place, demanded.subject->>'directory_entry')
        FROM demanded_links(made.id, made.number) AS demanded
        LEFT JOIN LATERAL responsibility_in(demanded.subject_id, demanded.roles, $2, $3) AS held ON true
        CROSS JOIN LATERAL link_document(demanded.link, demanded.roles, demanded.required_for, demanded.subject,
            demanded.subject_id, held.role, held.party_id, held.valid, held.basis, held.basis_sha256, $2, $3) AS shown),
    'missing', (SELECT COALESCE(json_agg(json_build_object('link', missing.link, 'subject', missing.subject_code,
            'message', missing.message_en)), '[]') FROM missing_responsibility(made.id, $2) AS missing))::text
FROM made;
