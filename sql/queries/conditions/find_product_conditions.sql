-- The conditions of a product's offers as JSON: for each offer its conditions against all directory entry versions
-- together, and for each entry version what comes from it, what is added to it and what is loosened. No row: unknown, or
-- not listed and not operated by the reader. $1 code, $2 reader's party or null, $3 whether the reader sees drafts
SELECT json_build_object('product', product.code, 'offers', COALESCE((
    SELECT json_agg(json_build_object('offer', offer.code, 'title_zh', offer.title_zh, 'title_en', offer.title_en,
        'conditions', (
            SELECT COALESCE(json_agg(json_build_object('kind', compared.kind, 'value', compared.value,
                'basis', compared.basis, 'directory_value', compared.directory_value, 'added', compared.added,
                'loosened', compared.loosened,
                'flag', CASE WHEN flag.id IS NOT NULL AND compared.added THEN json_build_object('id', flag.id,
                    'state', COALESCE(flag.decision, 'open'), 'reason', flag.reason, 'decided_at', flag.decided_at) END)
                ORDER BY compared.position, compared.kind), '[]'::json)
            FROM offered_condition_together AS compared
            LEFT JOIN condition_flag AS flag ON flag.offer_id = compared.offer_id AND flag.kind = compared.kind
                AND flag.directory_value = COALESCE(compared.directory_value, 'null')
            WHERE compared.offer_id = offer.id),
        'directory_entries', (
            SELECT COALESCE(json_agg(json_build_object('code', entry.code, 'version', source.entry_version,
                'sharing_class', version.document->>'sharingClass', 'grade', version.document->>'grade',
                'conditions', (
                    SELECT COALESCE(json_agg(json_build_object('kind', by_entry.kind,
                        'directory_value', by_entry.directory_value, 'directory_basis', by_entry.directory_basis,
                        'offered_value', by_entry.offered_value, 'added', by_entry.added, 'loosened', by_entry.loosened)
                        ORDER BY by_entry.kind), '[]'::json)
                    FROM offered_condition_by_entry AS by_entry
                    WHERE by_entry.offer_id = offer.id AND by_entry.entry_id = source.entry_id))
                ORDER BY entry.code), '[]'::json)
            FROM newest_source AS source JOIN directory_entry AS entry ON entry.id = source.entry_id
            JOIN directory_entry_version AS version
                ON version.entry_id = source.entry_id AND version.number = source.entry_version
            WHERE source.product_id = product.id)) ORDER BY offer.code)
    FROM offer WHERE offer.product_id = product.id AND offer.withdrawn_at IS NULL
        AND (offer.reserved_for IS NULL OR offer.reserved_for = $2 OR operated.yes OR $3)), '[]'::json))::text
FROM product
CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM responsibility WHERE responsibility.subject_id = product.id
    AND responsibility.role = 'operator' AND responsibility.party_id = $2
    AND upper_inf(responsibility.valid) AND upper_inf(responsibility.recorded)) AS yes) AS operated
WHERE product.code = $1 AND (product.listed_at IS NOT NULL AND product.delisted_at IS NULL OR operated.yes OR $3);
