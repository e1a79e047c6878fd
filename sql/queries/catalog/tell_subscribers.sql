-- Tells the enterprises that may read a new revision of it, in the market's events and in notices; changes a row when the
-- product is listed. $1 product, $2 number, $3 now
WITH revision AS (
    SELECT product.id, product.code, product.title_zh, product.title_en, own.number, own.rows, own.sha256, made.changes
    FROM product JOIN product_revision AS own ON own.product_id = product.id AND own.number = $2
    LEFT JOIN revision_table AS made ON made.product_id = product.id AND made.number = own.number
    WHERE product.id = $1
), subscriber AS MATERIALIZED (
    SELECT purchase.enterprise_id, purchase.id, entitlement.id AS entitlement_id
    FROM purchase
    JOIN entitlement ON entitlement.enterprise_id = purchase.enterprise_id AND entitlement.purchase_id = purchase.id
    JOIN offer ON offer.id = purchase.offer_id
    WHERE purchase.product_id = $1 AND purchase.state IN ('agreed', 'active') AND offer.kind <> 'one_off'
        AND upper(entitlement.valid) > $3 AND COALESCE(entitlement.ended_at > $3, true)
), told AS (
    INSERT INTO market_event (enterprise_id, id, type, purchase_id, subject_id, data, occurred_at)
    SELECT subscriber.enterprise_id, uuid_of_time($3), 'revision.published', subscriber.id, subscriber.entitlement_id,
        jsonb_build_object('product', revision.code, 'revision', revision.number, 'rows', revision.rows,
            'sha256', encode(revision.sha256, 'hex'), 'changes', revision.changes), $3
    FROM subscriber, revision
), noticed AS (
    INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
    SELECT uuid_of_time($3), subscriber.enterprise_id, 'revision.published', '/purchases/' || min(subscriber.id::text),
        format('“%s”已发布第 %s 版，共 %s 行。', revision.title_zh, revision.number, revision.rows),
        format('Revision %s of "%s" is published; it has %s rows.', revision.number, revision.title_en, revision.rows), $3
    FROM subscriber, revision
    GROUP BY subscriber.enterprise_id, revision.title_zh, revision.title_en, revision.number, revision.rows
)
SELECT id FROM product WHERE id = $1 AND listed_at IS NOT NULL AND delisted_at IS NULL;
