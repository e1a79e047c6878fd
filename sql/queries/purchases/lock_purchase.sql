-- Keeps a purchase as it stands until the transaction ends, and answers its state, the number of the transition that led to
-- it, and the offer's code. No row: none such. $1 enterprise, $2 purchase
SELECT purchase.state, purchase.transition, offer.code
FROM purchase JOIN offer ON offer.id = purchase.offer_id
WHERE purchase.enterprise_id = $1 AND purchase.id = $2
FOR NO KEY UPDATE OF purchase;
