-- Tells the parties concerned that entries moved to the successors of a body: the body and its successors, and for every
-- product made of such an entry its operator and seller and the enterprises whose purchase of it is live (a declared
-- statement across enterprises, by enterprise_id). $1 succession, $2 now
WITH handed AS MATERIALIZED (
    SELECT DISTINCT held.entry_id, succession.kind, body.code AS body_code, body.name AS body_name,
        heir.name AS heir_name
    FROM party_succession AS succession
    JOIN party AS body ON body.id = succession.predecessor_id
    JOIN party_successor AS successor ON successor.succession_id = succession.id
    JOIN party AS heir ON heir.id = successor.party_id
    JOIN responsibility AS held ON held.party_id = heir.id AND held.entry_id IS NOT NULL AND held.role = 'provider'
        AND lower(held.recorded) >= $2 AND upper_inf(held.recorded)
    WHERE succession.id = $1
), touched AS MATERIALIZED (
    SELECT DISTINCT product.id, product.code, product.title_zh, product.title_en, used.number, handed.body_name,
        handed.heir_name
    FROM handed
    JOIN product_revision_source AS used ON used.entry_id = handed.entry_id
    JOIN product ON product.id = used.product_id
), concerned AS (
    SELECT responsibility.party_id, '/products/' || touched.code AS address, touched.title_zh, touched.title_en,
        touched.body_name, touched.heir_name
    FROM touched JOIN responsibility ON responsibility.product_id = touched.id
        AND responsibility.role IN ('operator', 'seller')
        AND upper_inf(responsibility.valid) AND upper_inf(responsibility.recorded)
    UNION
    SELECT purchase.enterprise_id, '/products/' || touched.code, touched.title_zh, touched.title_en,
        touched.body_name, touched.heir_name
    FROM touched
    JOIN purchase ON purchase.product_id = touched.id AND purchase.revision = touched.number
    JOIN entitlement ON entitlement.enterprise_id = purchase.enterprise_id AND entitlement.purchase_id = purchase.id
    WHERE purchase.state = 'active' AND entitlement.valid @> $2::timestamptz
), told AS (
    SELECT party_id, address, title_zh || '的数源主体变更：' || body_name || ' → ' || heir_name AS zh,
        title_en || ': its source moved from ' || body_name || ' to ' || heir_name AS en
    FROM concerned
    UNION ALL
    SELECT ends.party_id, '/parties/' || handed.body_code,
        count(DISTINCT handed.entry_id) || '个目录条目由' || handed.body_name || '移交' || string_agg(DISTINCT handed.heir_name, '、'),
        count(DISTINCT handed.entry_id) || ' directory entries moved from ' || handed.body_name || ' to '
            || string_agg(DISTINCT handed.heir_name, ', ')
    FROM handed
    CROSS JOIN LATERAL (
        SELECT predecessor_id AS party_id FROM party_succession WHERE id = $1
        UNION SELECT party_id FROM party_successor WHERE succession_id = $1) AS ends
    GROUP BY ends.party_id, handed.body_code, handed.body_name
)
INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
SELECT gen_random_uuid(), told.party_id, 'party.succession', told.address, told.zh, told.en, $2 FROM told;
