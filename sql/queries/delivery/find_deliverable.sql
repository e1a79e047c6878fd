-- A revision that an entitlement reaches, the newest one unless a number is given, as JSON: what it is as a table and its
-- parts, its files, how its copies are marked; no row: no such entitlement or revision of it.
-- $1 enterprise, $2 entitlement, $3 revision or null
SELECT json_build_object('product', product.code, 'product_id', product.id, 'revision', revision.number,
    'file_name', revision.file_name, 'media_type', revision.media_type, 'sha256', encode(revision.sha256, 'hex'),
    'bytes', content.bytes, 'rows', revision.rows, 'published_at', revision.published_at, 'watermark', product.watermark,
    'schema', made.schema, 'is_read', made.rows IS NOT NULL OR EXISTS (SELECT FROM revision_without_table AS tried
        WHERE tried.product_id = product.id AND tried.number = revision.number), 'mark', mark.mark, 'seed', encode(mark.seed, 'hex'),
    'files', (SELECT json_agg(json_build_object('name', file.name, 'media_type', file.media_type,
            'sha256', encode(file.sha256, 'hex'), 'bytes', kept.bytes) ORDER BY file.name)
        FROM revision_file AS file JOIN content AS kept ON kept.sha256 = file.sha256
        WHERE file.product_id = product.id AND file.number = revision.number),
    'parts', (SELECT json_agg(json_build_object('sha256', encode(part.sha256, 'hex'), 'bytes', kept.bytes,
            'rows', part.rows) ORDER BY part.place)
        FROM revision_part AS part JOIN content AS kept ON kept.sha256 = part.sha256
        WHERE part.product_id = product.id AND part.number = revision.number AND part.kind = 'rows'))::text
FROM entitlement
JOIN purchase ON purchase.enterprise_id = entitlement.enterprise_id AND purchase.id = entitlement.purchase_id
JOIN offer ON offer.id = purchase.offer_id
JOIN product ON product.id = purchase.product_id
JOIN product_revision AS revision ON revision.product_id = product.id
    AND (revision.number = purchase.revision OR revision.number > purchase.revision AND offer.kind <> 'one_off')
JOIN content ON content.sha256 = revision.sha256
LEFT JOIN revision_table AS made ON made.product_id = product.id AND made.number = revision.number
LEFT JOIN entitlement_mark AS mark
    ON mark.enterprise_id = entitlement.enterprise_id AND mark.entitlement_id = entitlement.id
WHERE entitlement.enterprise_id = $1 AND entitlement.id = $2 AND ($3::integer IS NULL OR revision.number = $3)
ORDER BY revision.number DESC LIMIT 1;
