-- Tells of transitions, in the transaction that made them: an event of each, and notices to the buyer, to the operator and,
-- of a request, to everyone who decides. Purchases by enterprise_id, each with the first number to tell of.
-- $1 enterprises, $2 purchases, $3 first numbers, $4 now
WITH moved AS MATERIALIZED (
    SELECT moved.enterprise_id, moved.purchase_id, moved.number, moved.from_state, moved.to_state, moved.reason,
        moved.document, purchase.ended_as, purchase.product_id, offer.code AS offer, product.code AS product,
        product.title_zh, product.title_en, party.code AS party
    FROM unnest($1::uuid[], $2::uuid[], $3::integer[]) AS given (enterprise_id, purchase_id, number)
    JOIN purchase_transition AS moved ON moved.enterprise_id = given.enterprise_id
        AND moved.purchase_id = given.purchase_id AND moved.number >= given.number
    JOIN purchase ON purchase.enterprise_id = moved.enterprise_id AND purchase.id = moved.purchase_id
    JOIN offer ON offer.id = purchase.offer_id
    JOIN product ON product.id = purchase.product_id
    LEFT JOIN party ON party.id = moved.party_id
), told AS (
    INSERT INTO market_event (enterprise_id, id, type, purchase_id, subject_id, data, occurred_at)
    SELECT enterprise_id, uuid7($4, LEAST(number, 4095)), 'purchase.' || to_state, purchase_id, purchase_id,
        jsonb_build_object('number', number, 'from', from_state, 'to', to_state, 'reason', reason, 'by', party,
            'product', product, 'offer', offer) || CASE WHEN to_state = 'ended'
            THEN jsonb_build_object('ended_as', ended_as, 'document', document) ELSE '{}' END, $4
    FROM moved
)
INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
SELECT gen_random_uuid(), side.party_id, 'purchase.' || moved.to_state, side.path || moved.purchase_id,
    format('采购“%s”：%s。理由：%s', moved.title_zh, words.zh, moved.reason),
    format('Purchase of "%s": %s. Reason: %s', moved.title_en, words.en, moved.reason), $4
FROM moved, transition_words(moved.to_state, moved.ended_as) AS words, LATERAL (
    SELECT moved.enterprise_id AS party_id, '/purchases/' AS path
    UNION SELECT held.party_id, '/sales/' FROM responsibility AS held WHERE held.subject_id = moved.product_id
        AND held.role = 'operator' AND upper_inf(held.valid) AND upper_inf(held.recorded)
    UNION SELECT decision.party_id, '/sales/' FROM purchase_decision AS decision
        WHERE decision.enterprise_id = moved.enterprise_id AND decision.purchase_id = moved.purchase_id) AS side;
