-- A product that a party operates, with the offers of it that stand and how many of each one's added conditions wait for a
-- decision, as JSON; no row: the party operates no such product. $1 code, $2 party
SELECT json_build_object('code', product.code, 'title_zh', product.title_zh, 'title_en', product.title_en,
    'is_listed', product.listed_at IS NOT NULL AND product.delisted_at IS NULL,
    'offers', COALESCE((
        SELECT json_agg(offer_document.document || jsonb_build_object('open_flags', (SELECT count(*) FROM condition_flag
                WHERE condition_flag.offer_id = offer.id AND condition_flag.decision IS NULL)) ORDER BY offer.code)
        FROM offer JOIN offer_document ON offer_document.id = offer.id
        WHERE offer.product_id = product.id AND offer.withdrawn_at IS NULL), '[]'::json))::text
FROM product JOIN responsibility ON responsibility.subject_id = product.id AND responsibility.role = 'operator'
    AND upper_inf(responsibility.valid) AND upper_inf(responsibility.recorded)
WHERE product.code = $1 AND responsibility.party_id = $2;
