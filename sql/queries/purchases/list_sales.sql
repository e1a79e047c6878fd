-- Purchases that a party sells or decides on: first those that wait for its decision, then the others, each newest first.
-- Key (0 or 1, and the purchase) and JSON per row. A declared list across enterprises (enterprise_id).
-- $1 party, $2 state or null, $3 section to go on in or null, $4 purchase to start below or null, $5 limit
WITH waiting AS (
    SELECT decision.enterprise_id, decision.purchase_id AS id, 0 AS section
    FROM purchase_decision AS decision
    JOIN purchase ON purchase.enterprise_id = decision.enterprise_id AND purchase.id = decision.purchase_id
    WHERE decision.party_id = $1 AND decision.decision IS NULL AND purchase.state = 'requested'
        AND ($2::text IS NULL OR $2 = 'requested')
        AND ($3::integer IS NULL OR $3 = 0 AND decision.purchase_id < $4)
    ORDER BY decision.purchase_id DESC LIMIT $5
), sold AS (
    SELECT sale.enterprise_id, sale.id, 1 AS section
    FROM (SELECT held.product_id FROM responsibility AS held WHERE held.party_id = $1 AND held.role IN ('operator', 'seller')
              AND upper_inf(held.valid) AND upper_inf(held.recorded)
          UNION SELECT NULL) AS own
    CROSS JOIN LATERAL (
        (SELECT purchase.enterprise_id, purchase.id FROM purchase
         WHERE purchase.product_id = own.product_id AND ($2::text IS NULL OR purchase.state = $2)
             AND ($3::integer IS DISTINCT FROM 1 OR purchase.id < $4)
             AND NOT EXISTS (SELECT FROM purchase_decision AS open WHERE open.enterprise_id = purchase.enterprise_id
                 AND open.purchase_id = purchase.id AND open.party_id = $1 AND open.decision IS NULL
                 AND purchase.state = 'requested')
         ORDER BY purchase.id DESC LIMIT $5)
        UNION ALL
        (SELECT purchase.enterprise_id, purchase.id
         FROM purchase_decision AS decision
         JOIN purchase ON purchase.enterprise_id = decision.enterprise_id AND purchase.id = decision.purchase_id
         WHERE own.product_id IS NULL AND decision.party_id = $1 AND decision.role = 'provider'
             AND ($2::text IS NULL OR purchase.state = $2) AND ($3::integer IS DISTINCT FROM 1 OR purchase.id < $4)
         GROUP BY purchase.enterprise_id, purchase.id, purchase.state
         HAVING purchase.state <> 'requested' OR bool_and(decision.decision IS NOT NULL)
         ORDER BY purchase.id DESC LIMIT $5)) AS sale
    ORDER BY sale.id DESC LIMIT $5
), found AS (
    SELECT enterprise_id, id, min(section) AS section FROM (SELECT enterprise_id, id, section FROM waiting
        UNION ALL SELECT enterprise_id, id, section FROM sold) AS every
    GROUP BY enterprise_id, id ORDER BY 3, 2 DESC LIMIT $5
)
SELECT found.section || ' ' || found.id, (document.document::jsonb || jsonb_build_object(
    'buyer', buyer.document, 'awaits_you', found.section = 0, 'due_on', (
        SELECT min(deadline.due_on) FROM purchase_decision AS decision JOIN deadline
            ON deadline.subject_kind = 'purchase_decision' AND deadline.subject_id = decision.id
        WHERE decision.enterprise_id = found.enterprise_id AND decision.purchase_id = found.id
            AND decision.party_id = $1 AND deadline.state IN ('running', 'paused'))))::text
FROM found
JOIN purchase_document AS document ON document.enterprise_id = found.enterprise_id AND document.id = found.id
JOIN party_summary AS buyer ON buyer.id = found.enterprise_id
ORDER BY found.section, found.id DESC;
