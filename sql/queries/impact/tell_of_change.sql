-- Tells the parties concerned how given entries changed at a moment, where that narrows what may be done: withdrawn,
-- sharing class, grade, personal information, conditions, fewer items, received data, another provider. What was known
-- before is compared, so that a correction of the past is told too. Told are operators and sellers of
-- products made of the entry, enterprises whose purchase of it is live or asked for (a declared statement across enterprises, by
-- enterprise_id), and the providers before and now. $1 entries, $2 now
WITH changed AS (
    SELECT entry.id, entry.code, COALESCE(current.title, before.title) AS title, held_before.party_id AS provider_before,
        held.party_id AS provider, array_remove(ARRAY[
            CASE WHEN current.entry_id IS NULL THEN 'withdrawn' END,
            CASE WHEN current.document->>'sharingClass' IS DISTINCT FROM before.document->>'sharingClass'
                AND current.entry_id IS NOT NULL THEN 'sharing_class' END,
            CASE WHEN current.document->>'grade' IS DISTINCT FROM before.document->>'grade'
                AND current.entry_id IS NOT NULL THEN 'grade' END,
            CASE WHEN current.document->'personalInformation' = 'true'
                AND before.document->'personalInformation' IS DISTINCT FROM 'true' THEN 'personal' END,
            CASE WHEN current.document->'conditions' IS DISTINCT FROM before.document->'conditions'
                AND current.entry_id IS NOT NULL THEN 'conditions' END,
            CASE WHEN current.document->'receivedFrom' IS DISTINCT FROM before.document->'receivedFrom'
                AND current.entry_id IS NOT NULL THEN 'received' END,
            CASE WHEN current.entry_id IS NOT NULL AND EXISTS (
                SELECT FROM jsonb_array_elements(before.document->'items') AS item
                WHERE NOT EXISTS (SELECT FROM jsonb_array_elements(current.document->'items') AS kept
                                  WHERE kept->>'name' = item->>'name')) THEN 'items' END,
            CASE WHEN held.party_id <> held_before.party_id THEN 'provider' END], NULL) AS kinds
    FROM directory_entry AS entry
    JOIN directory_entry_validity AS was ON was.entry_id = entry.id
        AND was.recorded @> $2::timestamptz - interval '1 microsecond'
        AND was.valid @> $2::timestamptz - interval '1 microsecond'
    JOIN directory_entry_version AS before ON before.entry_id = entry.id AND before.number = was.number
    LEFT JOIN entry_in_force ON entry_in_force.entry_id = entry.id
    LEFT JOIN directory_entry_version AS current
        ON current.entry_id = entry.id AND current.number = entry_in_force.number
    LEFT JOIN responsibility AS held_before ON held_before.subject_id = entry.id AND held_before.role = 'provider'
        AND held_before.recorded @> $2::timestamptz - interval '1 microsecond'
        AND held_before.valid @> $2::timestamptz - interval '1 microsecond'
    LEFT JOIN responsibility AS held ON held.subject_id = entry.id AND held.role = 'provider'
        AND upper_inf(held.recorded) AND upper_inf(held.valid)
    WHERE entry.id = ANY($1::uuid[])
), narrowed AS (
    SELECT changed.id, changed.code, changed.title, changed.provider_before, changed.provider, words.zh, words.en
    FROM changed, LATERAL (
        SELECT string_agg(word.zh, '、') AS zh, string_agg(word.en, ', ') AS en
        FROM (VALUES ('withdrawn', '已撤回', 'withdrawn'), ('sharing_class', '共享类型变更', 'sharing class changed'),
            ('grade', '分级变更', 'graded anew'), ('conditions', '使用条件变更', 'conditions changed'),
            ('personal', '改为含个人信息', 'found to hold personal information'),
            ('received', '共享所得标记变更', 'marked as received by sharing'), ('items', '数据项减少', 'fewer data items'),
            ('provider', '提供部门变更', 'moved to another provider')) AS word(kind, zh, en)
        WHERE word.kind = ANY(changed.kinds)) AS words
    WHERE cardinality(changed.kinds) > 0
), touched AS (
    SELECT DISTINCT narrowed.id AS entry_id, product.id AS product_id, product.code, product.title_zh, product.title_en
    FROM narrowed JOIN product_revision_source AS used ON used.entry_id = narrowed.id
    JOIN product ON product.id = used.product_id
), concerned AS (
    SELECT responsibility.party_id, touched.entry_id, '/products/' || touched.code AS address,
        touched.title_zh, touched.title_en
    FROM touched JOIN responsibility ON responsibility.subject_id = touched.product_id
        AND responsibility.role IN ('operator', 'seller')
        AND upper_inf(responsibility.valid) AND upper_inf(responsibility.recorded)
    UNION
    SELECT purchase.enterprise_id, used.entry_id, '/purchases/' || max(purchase.id::text), max(touched.title_zh),
        max(touched.title_en)
    FROM touched
    JOIN product_revision_source AS used ON used.product_id = touched.product_id AND used.entry_id = touched.entry_id
    JOIN purchase ON purchase.product_id = used.product_id AND purchase.revision = used.number
    LEFT JOIN entitlement ON entitlement.enterprise_id = purchase.enterprise_id AND entitlement.purchase_id = purchase.id
    WHERE purchase.state IN ('requested', 'returned', 'approved', 'agreed')
        OR purchase.state = 'active' AND entitlement.valid @> $2::timestamptz
    GROUP BY purchase.enterprise_id, used.entry_id, used.product_id
    UNION
    SELECT provider.id, narrowed.id, '/directory/' || narrowed.code, narrowed.title, narrowed.title
    FROM narrowed, unnest(ARRAY[narrowed.provider_before, narrowed.provider]) AS provider(id)
    WHERE provider.id IS NOT NULL AND EXISTS (SELECT FROM touched WHERE touched.entry_id = narrowed.id)
)
INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
SELECT gen_random_uuid(), concerned.party_id, 'directory.change', concerned.address,
    '目录条目 ' || narrowed.code || '“' || narrowed.title || '”' || narrowed.zh || '，涉及：' || concerned.title_zh,
    'Directory entry ' || narrowed.code || ' "' || narrowed.title || '": ' || narrowed.en || '. It touches: '
        || concerned.title_en, $2
FROM concerned JOIN narrowed ON narrowed.id = concerned.entry_id;
