-- Listed products whose titles or code hold a text, by code: key and JSON per row. The lowest price is a fixed one.
-- $1 text or null, $2 code to start after or null, $3 now, $4 limit
SELECT product.code, json_strip_nulls(json_build_object(
    'code', product.code, 'title_zh', product.title_zh, 'title_en', product.title_en, 'kind', product.kind,
    'use_class', product.use_class, 'listed_at', product.listed_at,
    'seller', (SELECT party_summary.document FROM responsibility
        JOIN party_summary ON party_summary.id = responsibility.party_id
        WHERE responsibility.subject_id = product.id AND responsibility.role = 'seller'
            AND upper_inf(responsibility.valid) AND upper_inf(responsibility.recorded)),
    'lowest_price', (SELECT json_build_object('minor_units', offer.price_minor, 'currency', offer.currency)
        FROM offer WHERE offer.product_id = product.id AND offer.withdrawn_at IS NULL AND offer.reserved_for IS NULL
            AND offer.kind <> 'metered' AND (offer.offered_until IS NULL OR offer.offered_until > $3)
        ORDER BY offer.price_minor LIMIT 1)))::text
FROM product
WHERE product.listed_at IS NOT NULL AND product.delisted_at IS NULL
    AND ($1::text IS NULL OR product.title_zh || ' ' || product.title_en ILIKE '%' || $1 || '%' OR product.code = $1)
    AND ($2::text IS NULL OR product.code > $2)
ORDER BY product.code LIMIT $4;
