-- Offers of a listed product that the reader may accept now, by code: key and JSON per row.
-- $1 product code, $2 enterprise or null, $3 offer code to start after or null, $4 limit
SELECT offer.code, json_build_object('code', offer.code, 'product', product.code, 'title_zh', offer.title_zh,
    'title_en', offer.title_en, 'kind', offer.kind,
    'price', json_build_object('minor_units', offer.price_minor, 'currency', offer.currency),
    'purposes', offer.purposes, 'term_days', offer.term_days, 'private', offer.reserved_for IS NOT NULL,
    'offered_at', offer.offered_at)::text
FROM offer JOIN product ON product.id = offer.product_id
WHERE product.code = $1 AND product.listed_at IS NOT NULL AND product.delisted_at IS NULL AND offer.withdrawn_at IS NULL
    AND (offer.reserved_for IS NULL OR offer.reserved_for = $2)
    AND ($3::text IS NULL OR offer.code > $3)
ORDER BY offer.code LIMIT $4;
