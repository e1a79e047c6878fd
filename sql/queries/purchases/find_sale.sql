-- A purchase for those who sell it or decide on it, as JSON, with what was used of it by meter for its seller.
-- $1 enterprise, $2 purchase, $3 party that asks
SELECT (document.document::jsonb || jsonb_build_object('buyer', buyer.document,
    'awaits_you', document.state = 'requested' AND EXISTS (
        SELECT FROM purchase_decision AS decision WHERE decision.enterprise_id = $1 AND decision.purchase_id = $2
            AND decision.party_id = $3 AND decision.decision IS NULL), 'usage', CASE WHEN EXISTS (
        SELECT FROM responsibility WHERE subject_id = document.product_id AND party_id = $3 AND role IN ('operator', 'seller')
            AND upper_inf(valid) AND upper_inf(recorded)) THEN (
        SELECT COALESCE(jsonb_agg(sum.document ORDER BY sum.meter), '[]') FROM (
            SELECT total.meter, jsonb_build_object('meter', total.meter, 'events', sum(total.events),
                'quantity', trim_scale(sum(total.quantity)), 'bytes', sum(total.bytes), 'last_day', max(total.day)) AS document
            FROM usage_total AS total WHERE total.enterprise_id = $1
                AND total.entitlement_id = (document.document -> 'entitlement' ->> 'id')::uuid
            GROUP BY total.meter) AS sum) END))::text
FROM purchase_document AS document JOIN party_summary AS buyer ON buyer.id = document.enterprise_id
WHERE document.enterprise_id = $1 AND document.id = $2;
