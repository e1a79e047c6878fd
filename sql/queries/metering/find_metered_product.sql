-- The product that a meter is made for; no row: unknown, or not one that the party operates. $1 code, $2 party or null for
-- whoever looks after all, $3 now
SELECT product.id FROM product WHERE product.code = $1 AND ($2::uuid IS NULL OR EXISTS (
    SELECT FROM responsibility AS held WHERE held.subject_id = product.id AND held.role = 'operator'
        AND held.party_id = $2 AND upper_inf(held.recorded) AND held.valid @> $3::timestamptz));
