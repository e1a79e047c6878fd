-- Who answers for an entry as JSON: its links of the chain, further roles, who answered for it before, and the listed
-- products made of it (the first hundred) with their sellers. No row: no such entry. $1 code, $2 as of, $3 recorded by
WITH entry AS (
    SELECT entry.id, jsonb_build_object('directory_entry', entry.code, 'version', version.number, 'title', version.title)
        AS subject, entry.code
    FROM directory_entry AS entry
    LEFT JOIN directory_entry_validity AS validity
        ON validity.entry_id = entry.id AND validity.valid @> $2::timestamptz AND validity.recorded @> $3::timestamptz
    LEFT JOIN directory_entry_version AS version
        ON version.entry_id = entry.id AND version.number = validity.number
    WHERE entry.code = $1
), demanded AS (
    SELECT link.position, link.name, link.roles, link.required_for
    FROM chain_link AS link WHERE link.subject_kind = 'entry'
), further AS (
    SELECT 100 AS position, held.role AS name, ARRAY[held.role] AS roles, NULL::text AS required_for
    FROM entry JOIN responsibility AS held ON held.subject_id = entry.id
    WHERE held.valid @> $2::timestamptz AND held.recorded @> $3::timestamptz
        AND NOT EXISTS (SELECT FROM demanded WHERE held.role = ANY(demanded.roles))
), past AS (
    SELECT held.role, held.party_id, lower(held.valid) AS since, upper(held.valid) AS until, held.basis,
        held.basis_sha256
    FROM entry JOIN responsibility AS held ON held.subject_id = entry.id
    WHERE held.recorded @> $3::timestamptz AND upper(held.valid) <= $2
    UNION ALL
    -- A body that a source still named after it had been succeeded: what it was thought to answer for is its heir's.
    SELECT DISTINCT held.role, held.party_id, NULL::timestamptz, succession.effective_at,
        succession.kind || ': ' || succession.basis, succession.basis_sha256
    FROM entry JOIN responsibility AS held ON held.subject_id = entry.id
    JOIN party_succession AS succession ON succession.predecessor_id = held.party_id
        AND succession.recorded @> $3::timestamptz AND succession.effective_at <= $2
    WHERE upper(held.recorded) <= $3 AND lower(held.valid) >= succession.effective_at
)
SELECT json_build_object('directory_entry', entry.code, 'version', entry.subject->'version', 'as_of', $2::timestamptz,
    'recorded_by', $3::timestamptz,
    'links', (SELECT json_agg(shown.document ORDER BY link.position, link.name)
        FROM (SELECT position, name, roles, required_for FROM demanded
              UNION ALL SELECT position, name, roles, required_for FROM further) AS link
        LEFT JOIN LATERAL responsibility_in(entry.id, link.roles, $2, $3) AS held ON true
        CROSS JOIN LATERAL link_document(link.name, link.roles, link.required_for, entry.subject, entry.id, held.role,
            held.party_id, held.valid, held.basis, held.basis_sha256, $2, $3) AS shown),
    'formerly', COALESCE((
        SELECT json_agg(json_build_object('role', past.role, 'party', called.document, 'since', past.since,
            'until', past.until, 'basis', past.basis, 'basis_sha256', encode(past.basis_sha256, 'hex'))
            ORDER BY past.until DESC, past.role)
        FROM past CROSS JOIN LATERAL party_then(past.party_id, COALESCE(past.since, past.until), $3) AS called), '[]'),
    'products', COALESCE((
        SELECT json_agg(json_build_object('code', used.code, 'title_zh', used.title_zh, 'title_en', used.title_en,
            'revision', used.revision, 'entry_version', used.entry_version, 'seller', called.document) ORDER BY used.code)
        FROM (SELECT DISTINCT ON (product.code) product.id, product.code, product.title_zh, product.title_en,
                  source.number AS revision, source.entry_version
              FROM product_revision_source AS source JOIN product ON product.id = source.product_id
              WHERE source.entry_id = entry.id AND product.listed_at IS NOT NULL AND product.delisted_at IS NULL
              ORDER BY product.code, source.number DESC LIMIT 100) AS used
        LEFT JOIN LATERAL responsibility_in(used.id, '{seller}', $2, $3) AS held ON true
        LEFT JOIN LATERAL party_then(held.party_id, $2, $3) AS called ON true), '[]'))::text
FROM entry;
