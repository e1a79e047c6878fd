-- Listed products with their revisions, what each was made of, the offers that anyone can accept and the
-- responsibilities now, as JSON by code; others are left out. $1 codes, $2 now
SELECT json_build_object(
    'code', product.code, 'titleZh', product.title_zh, 'titleEn', product.title_en,
    'descriptionZh', product.description_zh, 'descriptionEn', product.description_en,
    'kind', product.kind, 'useClass', product.use_class, 'listedAt', product.listed_at,
    'revisions', (
        SELECT json_agg(json_build_object('number', revision.number, 'fileName', revision.file_name,
            'mediaType', revision.media_type, 'bytes', content.bytes, 'sha256', encode(revision.sha256, 'hex'),
            'publishedAt', revision.published_at, 'source', revision.source, 'columns', revision.columns,
            'entries', COALESCE((
                SELECT json_agg(json_build_object('code', entry.code, 'version', used.entry_version,
                    'title', version.title, 'recordedAt', version.recorded_at) ORDER BY entry.code)
                FROM product_revision_source AS used
                JOIN directory_entry AS entry ON entry.id = used.entry_id
                JOIN directory_entry_version AS version
                    ON version.entry_id = used.entry_id AND version.number = used.entry_version
                WHERE used.product_id = revision.product_id AND used.number = revision.number), '[]'::json))
            ORDER BY revision.number)
        FROM product_revision AS revision JOIN content ON content.sha256 = revision.sha256
        WHERE revision.product_id = product.id),
    'offers', COALESCE((
        SELECT json_agg(json_build_object('code', offer.code, 'titleZh', offer.title_zh, 'titleEn', offer.title_en,
            'kind', offer.kind, 'priceMinor', offer.price_minor, 'currency', offer.currency,
            'termDays', offer.term_days, 'billingPeriod', offer.billing_period, 'usage', COALESCE((
                SELECT json_agg(json_build_object('meter', price.meter, 'mode', price.mode, 'above', trim_scale(tier.above)::text,
                    'packageSize', trim_scale(price.package_size)::text, 'price', trim_scale(tier.unit_price * 0.01)::text)
                    ORDER BY price.meter, tier.above)
                FROM offer_usage_price AS price JOIN offer_usage_tier AS tier USING (offer_id, meter)
                WHERE price.offer_id = offer.id), '[]'::json), 'conditions', (
                SELECT json_agg(json_build_object('kind', offered.kind, 'value', offered.value, 'basis', offered.basis)
                    ORDER BY offered.position, offered.kind)
                FROM offered_condition AS offered WHERE offered.offer_id = offer.id)) ORDER BY offer.code)
        FROM offer
        WHERE offer.product_id = product.id AND offer.withdrawn_at IS NULL AND offer.reserved_for IS NULL
            AND (offer.offered_until IS NULL OR offer.offered_until > $2)
            AND NOT EXISTS (SELECT FROM product_suspension AS suspension
                WHERE suspension.product_id = product.id AND suspension.lifted_at IS NULL)), '[]'::json),
    'responsible', COALESCE((
        SELECT json_agg(json_build_object('role', responsibility.role, 'party', party_summary.document,
            'since', lower(responsibility.valid), 'until', upper(responsibility.valid),
            'basis', responsibility.basis) ORDER BY responsibility.role)
        FROM responsibility JOIN party_summary ON party_summary.id = responsibility.party_id
        WHERE responsibility.subject_id = product.id
            AND responsibility.valid @> $2::timestamptz AND responsibility.recorded @> $2::timestamptz),
        '[]'::json))::text
FROM product
WHERE product.code = ANY($1::text[]) AND product.listed_at IS NOT NULL AND product.delisted_at IS NULL
    AND EXISTS (SELECT FROM product_revision WHERE product_id = product.id)
ORDER BY product.code;
