-- The open flags of a product's offers. $1 product
SELECT condition_flag.id FROM condition_flag JOIN offer ON offer.id = condition_flag.offer_id
WHERE offer.product_id = $1 AND condition_flag.decision IS NULL AND offer.withdrawn_at IS NULL;
