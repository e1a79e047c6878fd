-- Offers of a listed product that the reader may accept now, by code: key and JSON per row.
-- $1 product code, $2 enterprise or null, $3 offer code to start after or null, $4 now, $5 limit
SELECT offer.code, (offer_document.document || jsonb_build_object('product', product.code))::text
FROM offer JOIN product ON product.id = offer.product_id JOIN offer_document ON offer_document.id = offer.id
WHERE product.code = $1 AND product.listed_at IS NOT NULL AND product.delisted_at IS NULL AND offer.withdrawn_at IS NULL
    AND (offer.offered_until IS NULL OR offer.offered_until > $4)
    AND (offer.reserved_for IS NULL OR offer.reserved_for = $2)
    AND ($3::text IS NULL OR offer.code > $3)
ORDER BY offer.code LIMIT $5;
