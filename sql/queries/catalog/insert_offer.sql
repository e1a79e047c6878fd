-- A new offer; none when its code is taken. $1 id, $2 code, $3 product, $4 title zh, $5 title en, $6 kind,
-- $7 price in minor units, $8 currency, $9 purposes, $10 term in days, $11 reserved for, $12 now
INSERT INTO offer (id, code, product_id, use_class, title_zh, title_en, kind, price_minor, currency, purposes,
    term_days, reserved_for, offered_at)
SELECT $1, $2, product.id, product.use_class, $4, $5, $6, $7, $8, $9::text[], $10, $11, $12
FROM product WHERE product.id = $3
ON CONFLICT (code) DO NOTHING;
