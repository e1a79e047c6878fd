-- Suspensions of a product, newest first: key and JSON per row. $1 product code, $2 key to start below or null, $3 limit
SELECT listed.key, listed.document::text
FROM (SELECT to_char(suspension.suspended_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS') || ' ' || suspension.id AS key,
        json_build_object('id', suspension.id, 'cause', suspension.cause, 'reason_zh', suspension.reason_zh,
            'reason_en', suspension.reason_en, 'entry', entry.code, 'suspended_at', suspension.suspended_at,
            'suspended_by', suspender.document, 'lifted_at', suspension.lifted_at, 'lifted_by', lifter.document,
            'lifting_reason', suspension.lifting_reason) AS document
      FROM product_suspension AS suspension
      JOIN product ON product.id = suspension.product_id
      LEFT JOIN directory_entry AS entry ON entry.id = suspension.entry_id
      LEFT JOIN party_summary AS suspender ON suspender.id = suspension.suspended_by
      LEFT JOIN party_summary AS lifter ON lifter.id = suspension.lifted_by
      WHERE product.code = $1) AS listed
WHERE $2::text IS NULL OR listed.key < $2
ORDER BY listed.key DESC LIMIT $3;
