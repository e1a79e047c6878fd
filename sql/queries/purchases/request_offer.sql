-- Requests to buy by an offer that needs approval, in one statement: the command's key, the place, the purchase, its
-- transition, the decisions it needs with their time limits, the event and the notices land together or not at all.
-- One row: whether no other command with this key is running, and the new purchase, null when the key was used before or
-- the offer cannot be requested (find_command, find_refusal and list_problems tell which). A check violation: the last
-- place of the offer was taken meanwhile.
-- FOR SHARE makes a request and a withdrawal of the offer wait for each other.
-- $1 enterprise, $2 offer code, $3 purpose, $4 key, $5 command, $6 digest, $7 purchase id, $8 now, $9 scope,
-- $10 place, $11 from, $12 until, $13 retention in days, $14 qualifications
WITH alone AS MATERIALIZED (
    SELECT pg_try_advisory_xact_lock(hashtextextended($1::uuid || $4::text, 0)) AS yes
), chosen AS MATERIALIZED (
    SELECT offer.id, offer.code, offer.product_id, offer.price_minor, offer.currency,
        (SELECT max(number) FROM product_revision WHERE product_id = offer.product_id) AS revision
    FROM offer
    WHERE offer.code = $2 AND offer.withdrawn_at IS NULL AND offer.offered_at <= $8
        AND (offer.offered_until IS NULL OR offer.offered_until > $8) AND offer.approval <> 'automatic'
        AND (offer.reserved_for IS NULL OR offer.reserved_for = $1) AND (SELECT yes FROM alone)
        AND NOT EXISTS (SELECT FROM offer_place WHERE offer_place.offer_id = offer.id AND taken >= places)
        AND NOT EXISTS (SELECT FROM offer_obstacle(offer.id, offer.product_id, $8))
        AND NOT EXISTS (SELECT FROM request_problem(offer.id, $1, $3, $9, $10, $11, $12, $13, $14, $8))
    FOR SHARE OF offer
), command AS (
    INSERT INTO command_key (enterprise_id, key, command, digest, purchase_id, recorded_at)
    SELECT $1, $4, $5, $6, $7, $8 FROM chosen
    ON CONFLICT (enterprise_id, key) DO NOTHING
    RETURNING purchase_id
), seated AS (
    UPDATE offer_place SET taken = taken + 1 FROM chosen, command WHERE offer_place.offer_id = chosen.id
    RETURNING offer_place.offer_id
), decider AS MATERIALIZED (
    SELECT decider.party_id, decider.role, gen_random_uuid() AS id
    FROM chosen, purchase_decider(chosen.id, chosen.product_id, chosen.revision, $8) AS decider
), requested AS (
    INSERT INTO purchase (enterprise_id, id, offer_id, product_id, revision, purpose, price_minor, currency, state,
        requested_at, recorded_at, scope, place, wanted, retention_days, qualifications, holds_place, awaited)
    SELECT $1, command.purchase_id, chosen.id, chosen.product_id, chosen.revision, $3, chosen.price_minor, chosen.currency,
        'requested', $8, $8, $9, $10, CASE WHEN $11::timestamptz < $12::timestamptz THEN tstzrange($11, $12) END, $13, $14, EXISTS (SELECT FROM seated),
        (SELECT count(*) FROM decider)
    FROM chosen, command
    RETURNING id
), moved AS (
    INSERT INTO purchase_transition (enterprise_id, purchase_id, number, to_state, party_id, reason, moved_at)
    SELECT $1, requested.id, 1, 'requested', $1, $9, $8 FROM requested
), asked AS (
    INSERT INTO purchase_decision (enterprise_id, purchase_id, round, party_id, id, role)
    SELECT $1, requested.id, 1, decider.party_id, decider.id, decider.role FROM requested, decider
), due AS (
    INSERT INTO deadline (id, rule, party_id, subject_kind, subject_id, subject_code, began_at, due_on, state)
    SELECT uuid7($8, 0), 'purchase_decision', decider.party_id, 'purchase_decision', decider.id, requested.id::text, $8,
        due_on('purchase_decision', $8), 'running'
    FROM requested, decider WHERE due_on('purchase_decision', $8) IS NOT NULL
), told AS (
    INSERT INTO market_event (enterprise_id, id, type, purchase_id, subject_id, data, occurred_at)
    SELECT $1, uuid7($8, 1), 'purchase.requested', requested.id, requested.id, jsonb_build_object('number', 1, 'from', NULL,
        'to', 'requested', 'reason', $9::text, 'product', product.code, 'offer', chosen.code), $8
    FROM requested, chosen JOIN product ON product.id = chosen.product_id
), noticed AS (
    INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
    SELECT gen_random_uuid(), side.party_id, 'purchase.requested', side.path || requested.id,
        format('采购“%s”：%s。理由：%s', product.title_zh, words.zh, $9),
        format('Purchase of "%s": %s. Reason: %s', product.title_en, words.en, $9), $8
    FROM requested, chosen JOIN product ON product.id = chosen.product_id, transition_words('requested', NULL) AS words,
        LATERAL (SELECT $1 AS party_id, '/purchases/' AS path
                 UNION ALL SELECT decider.party_id, '/sales/' FROM decider) AS side
)
SELECT alone.yes, requested.id FROM alone LEFT JOIN requested ON true;
