-- Everything that is made of an entry, through exact versions: its products, then their offers, then the purchases, also
-- those asked for, with their entitlements and unpaid invoices; key and JSON per row. A declared statement across
-- enterprises (it names each by enterprise_id).
-- $1 code, $2 key to start after or null, $3 limit, $4 now
WITH used AS MATERIALIZED (
    SELECT used.product_id, used.number, used.entry_version, product.code, product.title_zh, product.title_en,
        product.listed_at IS NOT NULL AND product.delisted_at IS NULL AS listed, row_number() OVER (PARTITION BY used.product_id ORDER BY used.number DESC) AS place
    FROM directory_entry AS entry
    JOIN product_revision_source AS used ON used.entry_id = entry.id
    JOIN product ON product.id = used.product_id
    WHERE entry.code = $1
), affected AS (
    (SELECT '1 ' || used.code AS key, json_build_object('kind', 'product', 'code', used.code,
        'title_zh', used.title_zh, 'title_en', used.title_en, 'revision', used.number,
        'entry_version', used.entry_version, 'listed', used.listed,
        'suspensions', COALESCE((SELECT json_agg(json_build_object('id', suspension.id, 'cause', suspension.cause,
                'reason_zh', suspension.reason_zh, 'reason_en', suspension.reason_en,
                'suspended_at', suspension.suspended_at) ORDER BY suspension.suspended_at)
            FROM product_suspension AS suspension
            WHERE suspension.product_id = used.product_id AND suspension.lifted_at IS NULL), '[]'::json)) AS document
     FROM used WHERE used.place = 1 AND ($2::text IS NULL OR '1 ' || used.code COLLATE "C" > $2)
     ORDER BY used.code COLLATE "C" LIMIT $3)
    UNION ALL
    (SELECT '2 ' || offer.code, json_build_object('kind', 'offer', 'code', offer.code, 'product', used.code,
        'title_zh', offer.title_zh, 'title_en', offer.title_en, 'purposes', offer.purposes)
     FROM used JOIN offer ON offer.product_id = used.product_id
     WHERE used.place = 1 AND offer.withdrawn_at IS NULL AND ($2::text IS NULL OR '2 ' || offer.code COLLATE "C" > $2)
     ORDER BY offer.code COLLATE "C" LIMIT $3)
    UNION ALL
    (SELECT '3 ' || purchase.id, json_build_object('kind', 'purchase', 'id', purchase.id, 'product', used.code,
        'revision', used.number, 'entry_version', used.entry_version, 'enterprise', enterprise.code,
        'accepted_at', purchase.accepted_at, 'state', purchase.state,
        'requested_at', purchase.requested_at,
        'entitlement', CASE WHEN entitlement.id IS NOT NULL THEN json_build_object('id', entitlement.id,
            'until', upper(entitlement.valid), 'in_force', entitlement.valid @> $4::timestamptz AND entitlement.suspended_at IS NULL) END,
        'unpaid_invoices', COALESCE((SELECT json_agg(json_build_object('id', invoice.id,
                'number', billing_code('invoice', invoice.number), 'currency', invoice.currency,
                'open_minor', invoice.gross_minor - invoice.credited_minor - invoice.paid_minor) ORDER BY invoice.number)
            FROM invoice WHERE invoice.enterprise_id = purchase.enterprise_id AND invoice.purchase_id = purchase.id
                AND invoice.state = 'issued'), '[]'::json))
     FROM used
     JOIN purchase ON purchase.product_id = used.product_id AND purchase.revision = used.number
     LEFT JOIN entitlement
         ON entitlement.enterprise_id = purchase.enterprise_id AND entitlement.purchase_id = purchase.id
     JOIN party AS enterprise ON enterprise.id = purchase.enterprise_id
     WHERE (purchase.accepted_at IS NOT NULL OR purchase.state IN ('requested', 'returned', 'approved'))
         AND ($2::text IS NULL OR left($2, 1) < '3' OR purchase.id > substr($2, 3)::uuid)
     ORDER BY purchase.id LIMIT $3)
)
SELECT affected.key, affected.document::text FROM affected ORDER BY affected.key COLLATE "C" LIMIT $3;
