-- The listed products whose newest revision was published last, as a JSON array, newest first. $1 limit
SELECT COALESCE(json_agg(newest.document ORDER BY newest.published_at DESC, newest.code), '[]'::json)::text
FROM (
    SELECT revision.published_at, product.code, json_build_object('code', product.code, 'title_zh', product.title_zh,
        'title_en', product.title_en, 'use_class', product.use_class, 'revision', revision.number,
        'published_at', revision.published_at,
        'seller', (SELECT party_summary.document FROM responsibility
            JOIN party_summary ON party_summary.id = responsibility.party_id
            WHERE responsibility.subject_id = product.id AND responsibility.role = 'seller'
                AND upper_inf(responsibility.valid) AND upper_inf(responsibility.recorded))) AS document
    FROM product_revision AS revision JOIN product ON product.id = revision.product_id
    WHERE product.listed_at IS NOT NULL AND product.delisted_at IS NULL
        AND NOT EXISTS (SELECT FROM product_revision AS later
            WHERE later.product_id = revision.product_id AND later.number > revision.number)
    ORDER BY revision.published_at DESC, revision.product_id
    LIMIT $1) AS newest;
