-- Authorisations that were in force at some time of a year, as institutions and operators disclose them (articles 18 and 19 of the
-- rules on authorised operation), by id: key and JSON per row. A product has a row for each that it had: who gave it to whom, its
-- term, and the directory entries behind the product's newest revision of the year. $1 year, $2 now, $3 id to start after or null,
-- $4 limit
WITH asked AS (
    SELECT daterange(make_date($1, 1, 1), make_date($1 + 1, 1, 1)) AS year,
        LEAST($2, make_date($1 + 1, 1, 1)::timestamp AT TIME ZONE 'Asia/Shanghai' - interval '1 microsecond') AS until
)
SELECT credential.id::text, json_build_object('id', credential.id, 'year', $1::integer, 'institution', institution.code,
    'institution_zh', COALESCE(institution.name_zh, institution.name), 'institution_en', COALESCE(institution.name_en, institution.name),
    'operator', operator.code, 'operator_zh', COALESCE(operator.name_zh, operator.name),
    'operator_en', COALESCE(operator.name_en, operator.name), 'number', credential.number, 'since', lower(credential.valid),
    'until', upper(credential.valid) - 1, 'ended_on', stood.ended_on, 'product', product.code, 'product_zh', product.title_zh,
    'product_en', product.title_en, 'product_kind', product.kind, 'use_class', product.use_class,
    'listed', COALESCE(product.listed_at <= until AND COALESCE(product.delisted_at > until, true), false),
    'entries', COALESCE((SELECT json_agg(entry.code ORDER BY entry.code) FROM product_revision_source AS source
        JOIN directory_entry AS entry ON entry.id = source.entry_id
        WHERE source.product_id = product.id AND source.number = (SELECT max(revision.number) FROM product_revision AS revision
            WHERE revision.product_id = product.id AND revision.published_at <= until)), '[]'::json))::text
FROM asked CROSS JOIN credential
JOIN party AS institution ON institution.id = credential.issuer_id
JOIN party AS operator ON operator.id = credential.holder_id
JOIN product ON product.id = credential.product_id
CROSS JOIN LATERAL (
    SELECT bool_or(step.to_state = 'in_force') AS began,
        min(legal_day(step.taken_at)) FILTER (WHERE step.to_state IN ('terminated', 'cancelled', 'revoked')) AS ended_on
    FROM credential_step AS step WHERE step.credential_id = credential.id AND step.taken_at <= until) AS stood
WHERE credential.kind = 'authorisation' AND credential.valid && year AND stood.began AND COALESCE(stood.ended_on >= lower(year), true)
    AND ($3::uuid IS NULL OR credential.id > $3)
ORDER BY credential.id LIMIT $4;
