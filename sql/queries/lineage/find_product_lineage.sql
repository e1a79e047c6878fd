-- The chain of a product's newest revision as JSON, at a time and as far as it was known at another; no row: unknown.
-- $1 product code, $2 as of, $3 recorded by
WITH made AS (
    SELECT product.id, product.code, revision.number
    FROM product
    JOIN LATERAL (SELECT number FROM product_revision
                  WHERE product_id = product.id AND published_at <= $2 ORDER BY number DESC LIMIT 1) AS revision ON true
    WHERE product.code = $1
), demanded AS (
    SELECT link.position, link.name AS link, link.role, used.entry_id AS subject_id,
        json_build_object('directory_entry', entry.code, 'version', used.entry_version, 'title', version.title) AS subject
    FROM made
    JOIN product_revision_source AS used ON used.product_id = made.id AND used.number = made.number
    JOIN directory_entry AS entry ON entry.id = used.entry_id
    JOIN directory_entry_version AS version
        ON version.entry_id = used.entry_id AND version.number = used.entry_version,
    (VALUES (1, 'source', 'provider'), (2, 'publication', 'publisher')) AS link(position, name, role)
    UNION ALL
    SELECT link.position, link.name, link.role, made.id,
        json_build_object('product', made.code, 'revision', made.number)
    FROM made, (VALUES (3, 'processing', 'operator'), (4, 'listing', 'seller'), (5, 'delivery', 'operator'))
        AS link(position, name, role)
)
SELECT json_build_object('product', made.code, 'revision', made.number, 'as_of', $2::timestamptz,
    'recorded_by', $3::timestamptz,
    'links', (SELECT json_agg(json_build_object('link', demanded.link, 'role', demanded.role,
            'subject', demanded.subject, 'party', party_summary.document,
            'since', lower(responsibility.valid), 'until', upper(responsibility.valid), 'basis', responsibility.basis)
            ORDER BY demanded.position, demanded.subject::text)
        FROM demanded
        LEFT JOIN responsibility ON responsibility.subject_id = demanded.subject_id
            AND responsibility.role = demanded.role
            AND responsibility.valid @> $2::timestamptz AND responsibility.recorded @> $3::timestamptz
        LEFT JOIN party_summary ON party_summary.id = responsibility.party_id))::text
FROM made;
