-- The credentials of a product with their steps, as JSON; no row: unknown, or not listed and not operated by the reader.
-- Steps before a credential was in force are its holder's and issuers' own business.
-- $1 code, $2 reader's party or null, $3 whether the reader sees everything, $4 now
SELECT json_build_object('product', product.code,
    'sellable_until', (SELECT CASE WHEN count(*) = count(ends.until) THEN min(ends.until) END FROM (
        SELECT (SELECT max(upper(valid)) - 1 FROM credential
                WHERE credential.product_id = product.id AND credential.kind = need.kind AND credential.state = 'in_force'
                    AND credential.valid @> legal_day($4)) AS until
        FROM (SELECT DISTINCT offer_need.kind FROM offer_need JOIN offer ON offer.id = offer_need.offer_id
              WHERE offer.product_id = product.id AND offer.withdrawn_at IS NULL) AS need
        UNION ALL SELECT source.until FROM obtained_source(product.id, $4) AS source) AS ends),
    'items', COALESCE((
        SELECT json_agg(json_build_object('id', credential.id, 'kind', credential.kind,
            'title_zh', credential_kind.title_zh, 'title_en', credential_kind.title_en,
            'needed_for', credential_kind.needed_for, 'state', credential.state, 'number', credential.number,
            'since', lower(credential.valid), 'until', upper(credential.valid) - 1,
            'issuer', (SELECT document FROM party_summary WHERE party_summary.id = credential.issuer_id),
            'holder', (SELECT document FROM party_summary WHERE party_summary.id = credential.holder_id),
            'steps', (SELECT COALESCE(json_agg(json_build_object('from', step.from_state, 'to', step.to_state,
                'party', (SELECT document FROM party_summary WHERE party_summary.id = step.party_id),
                'reason', step.reason, 'taken_at', step.taken_at) ORDER BY step.number), '[]'::json)
                FROM credential_step AS step WHERE step.credential_id = credential.id
                    AND (operated.yes OR $3 OR step.to_state NOT IN ('returned', 'rejected'))))
            ORDER BY credential_kind.kind, credential.recorded_at, credential.id)
        FROM credential JOIN credential_kind USING (kind)
        WHERE credential.product_id = product.id
            AND (operated.yes OR $3 OR credential.state IN ('in_force', 'expired', 'cancelled', 'revoked'))), '[]'::json))::text
FROM product
CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM responsibility WHERE responsibility.subject_id = product.id
    AND responsibility.role = 'operator' AND responsibility.party_id = $2
    AND upper_inf(responsibility.valid) AND upper_inf(responsibility.recorded)) AS yes) AS operated
WHERE product.code = $1 AND (product.listed_at IS NOT NULL AND product.delisted_at IS NULL OR operated.yes OR $3);
