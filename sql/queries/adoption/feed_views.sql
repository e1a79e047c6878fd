-- Leaves the first views of products by enterprises for the totals of adoption. $1 enterprise_ids, $2 product codes, $3 when
INSERT INTO adoption_feed (enterprise_id, product_id, happened_at, recorded_at, events, quantity)
SELECT viewed.enterprise_id, product.id, viewed.at, viewed.at, 1, 0
FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS viewed (enterprise_id, code, at)
JOIN product ON product.code = viewed.code
WHERE NOT EXISTS (SELECT FROM funnel_step AS held WHERE held.enterprise_id = viewed.enterprise_id
    AND held.product_id = product.id AND held.step = 'viewed');
