-- A purchase for those who sell it or decide on it, as JSON. $1 enterprise, $2 purchase, $3 party that asks
SELECT (document.document::jsonb || jsonb_build_object('title_zh', document.title_zh, 'title_en', document.title_en,
    'buyer', buyer.document, 'awaits_you', document.state = 'requested' AND EXISTS (
        SELECT FROM purchase_decision AS decision WHERE decision.enterprise_id = $1 AND decision.purchase_id = $2
            AND decision.party_id = $3 AND decision.decision IS NULL)))::text
FROM purchase_document AS document JOIN party_summary AS buyer ON buyer.id = document.enterprise_id
WHERE document.enterprise_id = $1 AND document.id = $2;
