-- What of a product an entitlement shares: its code, and its revisions that are tables, oldest first, as JSON; no row: no such
-- entitlement. $1 enterprise, $2 entitlement
SELECT json_build_object('product', product.code, 'product_id', product.id, 'title_zh', product.title_zh,
    'title_en', product.title_en, 'watermark', product.watermark,
    'versions', COALESCE((SELECT json_agg(json_build_object('number', revision.number,
            'published_at', revision.published_at, 'has_change_data', made.has_change_data) ORDER BY revision.number)
        FROM product_revision AS revision
        JOIN revision_table AS made ON made.product_id = revision.product_id AND made.number = revision.number
        WHERE revision.product_id = product.id AND (revision.number = purchase.revision
            OR revision.number > purchase.revision AND offer.kind <> 'one_off')), '[]'))::text
FROM entitlement
JOIN purchase ON purchase.enterprise_id = entitlement.enterprise_id AND purchase.id = entitlement.purchase_id
JOIN offer ON offer.id = purchase.offer_id
JOIN product ON product.id = purchase.product_id
WHERE entitlement.enterprise_id = $1 AND entitlement.id = $2;
