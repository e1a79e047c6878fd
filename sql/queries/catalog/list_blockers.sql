-- Everything that keeps a product from being listed now: kind, subject, and a sentence in Chinese and English.
-- $1 product, $2 now
SELECT kind, subject, message_zh, message_en FROM product_blocker($1, $2) ORDER BY kind, subject;
