-- Why a listed product cannot stand on a directory entry as it is at a moment: one row for each product, entry and
-- obstacle.
-- Compared are the exact version that the product's newest revision was made of and the version in force.
CREATE OR REPLACE FUNCTION upstream_obstacle(moment timestamptz)
RETURNS TABLE (product_id uuid, entry_id uuid, kind text, reason_zh text, reason_en text) LANGUAGE sql STABLE AS $$
SELECT used.product_id, used.entry_id, obstacle.kind, obstacle.reason_zh, obstacle.reason_en
FROM product
JOIN LATERAL (SELECT number, columns FROM product_revision
              WHERE product_id = product.id ORDER BY number DESC LIMIT 1) AS revision ON true
JOIN product_revision_source AS used ON used.product_id = product.id AND used.number = revision.number
JOIN directory_entry_version AS made ON made.entry_id = used.entry_id AND made.number = used.entry_version
LEFT JOIN entry_in_force ON entry_in_force.entry_id = used.entry_id
LEFT JOIN directory_entry_version AS current
    ON current.entry_id = used.entry_id AND current.number = entry_in_force.number
CROSS JOIN LATERAL (
    SELECT 'withdrawn' AS kind, '目录条目已撤回' AS reason_zh, 'the directory entry was withdrawn' AS reason_en
    WHERE current.entry_id IS NULL
    UNION ALL
    SELECT 'not_shared', '目录条目已改为不予共享', 'the directory entry is no longer shared'
    WHERE current.document->>'sharingClass' = 'not_shared'
    UNION ALL
    SELECT 'core', '目录条目已定为核心数据', 'the directory entry is graded as core data'
    WHERE current.document->>'grade' = 'core'
    UNION ALL
    SELECT 'personal', '目录条目含个人信息，产品缺少影响评估编号',
        'the directory entry holds personal information, and the product has no reference of an impact assessment'
    WHERE current.document->'personalInformation' = 'true' AND product.assessment IS NULL
    UNION ALL
    SELECT 'received', '数据系共享所得，须取得提供部门同意', 'the data was received by sharing: its provider has to consent'
    WHERE current.document->>'receivedFrom' IS DISTINCT FROM made.document->>'receivedFrom'
        AND current.document ? 'receivedFrom'
        AND EXISTS (SELECT FROM obtained_source(product.id, moment) AS source
            WHERE source.entry_id = current.entry_id AND source.number = current.number AND source.until IS NULL)
    UNION ALL
    SELECT 'items', '目录条目不再包含数据项：' || string_agg(item->>'name', '、' ORDER BY item->>'name'),
        'the directory entry no longer holds the items: ' || string_agg(item->>'name', ', ' ORDER BY item->>'name')
    FROM jsonb_array_elements(made.document->'items') AS item
    WHERE jsonb_typeof(current.document->'items') = 'array'
        AND NOT EXISTS (SELECT FROM jsonb_array_elements(current.document->'items') AS kept
                        WHERE kept->>'name' = item->>'name')
        AND EXISTS (SELECT FROM jsonb_array_elements(revision.columns) AS sold
                    WHERE sold->>'name' = item->>'name')
    HAVING count(*) > 0
    UNION ALL
    SELECT 'loosened', '挂牌放宽了目录条目的使用条件：' || string_agg(DISTINCT demanded.kind, '、'),
        'an offer is looser than the conditions of the directory entry: ' || string_agg(DISTINCT demanded.kind, ', ')
    FROM offer
    JOIN entry_condition AS demanded ON demanded.entry_id = current.entry_id AND demanded.entry_version = current.number
    LEFT JOIN offered_condition AS offered ON offered.offer_id = offer.id AND offered.kind = demanded.kind
    WHERE offer.product_id = product.id AND offer.withdrawn_at IS NULL
        -- A fee that an entry allows is the highest: charging less is not weaker.
        AND demanded.kind <> 'fee' AND NOT condition_within(demanded.kind, offered.value, demanded.value)
    HAVING count(*) > 0
    UNION ALL
    SELECT 'fee', '挂牌收费超出目录条目所许', 'an offer charges more than the directory entry allows'
    FROM offered_condition AS offered
    JOIN entry_condition AS demanded ON demanded.entry_id = current.entry_id AND demanded.entry_version = current.number
        AND demanded.kind = 'fee'
    LEFT JOIN entry_condition AS before ON before.entry_id = made.entry_id AND before.entry_version = made.number
        AND before.kind = 'fee'
    WHERE offered.product_id = product.id AND offered.kind = 'fee' AND before.value IS DISTINCT FROM demanded.value
        AND NOT condition_within('fee', demanded.value, offered.value)
    HAVING count(*) > 0
    UNION ALL
    SELECT 'no_provider', '目录条目已无提供部门', 'nobody provides the directory entry any more'
    WHERE current.entry_id IS NOT NULL AND NOT EXISTS (SELECT FROM responsibility AS held
        WHERE held.subject_id = used.entry_id AND held.role = 'provider' AND upper_inf(held.valid) AND upper_inf(held.recorded))
) AS obstacle
WHERE product.listed_at IS NOT NULL AND product.delisted_at IS NULL
$$;
