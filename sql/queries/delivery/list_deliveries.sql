-- The deliveries of an entitlement, newest first: key (time, id) and JSON per row.
-- $1 enterprise, $2 entitlement, $3 time and $4 id to start below or null, $5 limit
SELECT to_json(delivery.occurred_at)::text || ' ' || delivery.id, json_build_object('id', delivery.id,
    'occurred_at', delivery.occurred_at, 'product', product.code, 'revision', delivery.revision, 'way', delivery.way,
    'format', delivery.format, 'file', delivery.file, 'purpose', delivery.purpose, 'files', delivery.files,
    'rows', delivery.rows, 'bytes', delivery.bytes, 'mark', delivery.mark)::text
FROM delivery JOIN product ON product.id = delivery.product_id
WHERE delivery.enterprise_id = $1 AND delivery.entitlement_id = $2
    AND delivery.occurred_at <= COALESCE($3::timestamptz, 'infinity')
    AND ($3::timestamptz IS NULL OR (delivery.occurred_at, delivery.id) < ($3, $4::uuid))
ORDER BY delivery.occurred_at DESC, delivery.id DESC LIMIT $5;
