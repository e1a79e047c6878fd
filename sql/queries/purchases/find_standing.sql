-- What a party is to a purchase; no row: nothing, and it may not see it. A declared look-up across enterprises: it answers
-- the enterprise_id by which every other statement works. $1 purchase, $2 party, $3 whether it is an administrator
WITH seen AS (
    SELECT purchase.enterprise_id, purchase.id FROM purchase WHERE purchase.enterprise_id = $2 AND purchase.id = $1
    UNION
    SELECT purchase.enterprise_id, purchase.id
    FROM responsibility AS held JOIN purchase ON purchase.product_id = held.product_id AND purchase.id = $1
    WHERE held.party_id = $2 AND held.role IN ('operator', 'seller') AND upper_inf(held.valid) AND upper_inf(held.recorded)
    UNION
    SELECT decision.enterprise_id, decision.purchase_id FROM purchase_decision AS decision
    WHERE decision.purchase_id = $1 AND (decision.party_id = $2 OR $3)
)
SELECT purchase.enterprise_id, purchase.enterprise_id = $2 AS bought_it,
    EXISTS (SELECT FROM responsibility AS held WHERE held.subject_id = purchase.product_id AND held.role = 'operator'
        AND held.party_id = $2 AND upper_inf(held.valid) AND upper_inf(held.recorded)) AS operates_it
FROM seen JOIN purchase ON purchase.enterprise_id = seen.enterprise_id AND purchase.id = seen.id;
