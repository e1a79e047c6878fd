-- The next enterprises that bought something that costs; a declared statement across enterprises.
-- $1 enterprise_id to start after or null, $2 limit
SELECT DISTINCT purchase.enterprise_id FROM purchase JOIN offer ON offer.id = purchase.offer_id AND offer.kind <> 'free'
WHERE purchase.accepted_at IS NOT NULL AND ($1::uuid IS NULL OR purchase.enterprise_id > $1)
ORDER BY purchase.enterprise_id LIMIT $2;
