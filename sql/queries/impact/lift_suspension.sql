-- Lifts an open suspension of a product and tells those whose purchase is live (a declared statement across enterprises,
-- by enterprise_id). An officer lifts any; an operator its own product's, by an entry that stands in its way no more.
-- Answers 1 when it was lifted. $1 product code, $2 suspension, $3 party, $4 whether it is an officer, $5 reason, $6 now
WITH lifted AS (
    UPDATE product_suspension AS suspension SET lifted_at = $6, lifted_by = $3, lifting_reason = $5
    FROM product
    WHERE product.code = $1 AND suspension.product_id = product.id AND suspension.id = $2
        AND suspension.lifted_at IS NULL
        AND ($4 OR (suspension.cause IN ('upstream', 'consent')
            AND EXISTS (SELECT FROM responsibility AS held WHERE held.subject_id = product.id
                AND held.role IN ('operator', 'seller') AND held.party_id = $3
                AND upper_inf(held.valid) AND upper_inf(held.recorded))
            AND NOT EXISTS (SELECT FROM upstream_obstacle($6) AS obstacle WHERE obstacle.product_id = product.id
                AND obstacle.entry_id = suspension.entry_id)
            AND NOT EXISTS (SELECT FROM obtained_source(product.id, $6) AS source
                WHERE source.entry_id = suspension.entry_id AND source.until IS NULL)))
    RETURNING suspension.product_id, product.code, product.title_zh, product.title_en
), told AS (
    INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
    SELECT gen_random_uuid(), concerned.party_id, 'product.lifted', '/products/' || lifted.code,
        lifted.title_zh || ' 恢复挂牌：' || $5::text, lifted.title_en || ' can be bought again: ' || $5::text, $6
    FROM lifted, LATERAL (
        SELECT held.party_id FROM responsibility AS held
        WHERE held.subject_id = lifted.product_id AND held.role IN ('operator', 'seller')
            AND upper_inf(held.valid) AND upper_inf(held.recorded)
        UNION
        SELECT purchase.enterprise_id FROM purchase JOIN entitlement ON entitlement.enterprise_id
            = purchase.enterprise_id AND entitlement.purchase_id = purchase.id
        WHERE purchase.product_id = lifted.product_id AND entitlement.valid @> $6::timestamptz) AS concerned
)
SELECT count(*) FROM lifted;
