-- Codes of listed products in order. $1 code to start after, $2 limit
SELECT code FROM product WHERE listed_at IS NOT NULL AND delisted_at IS NULL AND code > $1 ORDER BY code LIMIT $2;
