-- Accepts offers that need no approval, for many requests in one statement: of each its command's key, the place, the
-- purchase, its transition, the event and the notices that tell of it, the entitlement and what it grants land together or not
-- at all.
-- A row for each request, in their order: whether no other command with its key is running, whether its offer is being changed
-- at this moment, so that it is asked for again soon, and the new purchase as JSON, null when the key was used before or the
-- offer cannot be accepted (find_command, find_refusal and list_problems tell which).
-- FOR SHARE keeps an offer from being withdrawn while it is accepted. Nobody waits for an offer that somebody else is changing:
-- the buyers of others would wait too. Places are locked in the order of their offers.
-- $1 enterprises, $2 offer codes, $3 purposes, $4 keys, $5 command, $6 digests, $7 purchase ids, $8 entitlement ids,
-- $9 moments, $10 scopes, $11 places, $12 from, $13 until, $14 retention in days, $15 qualifications as JSON lists or null
WITH request AS MATERIALIZED (
    SELECT request.*, CASE WHEN qualified IS NOT NULL
            THEN ARRAY(SELECT jsonb_array_elements_text(qualified)) END AS qualifications,
        pg_try_advisory_xact_lock(hashtextextended(enterprise_id || key, 0)) AS alone,
        row_number() OVER (PARTITION BY enterprise_id, key ORDER BY number) = 1 AS is_first
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $6::bytea[], $7::uuid[], $8::uuid[], $9::timestamptz[],
        $10::text[], $11::text[], $12::timestamptz[], $13::timestamptz[], $14::integer[], $15::jsonb[]) WITH ORDINALITY
        AS request (enterprise_id, offer, purpose, key, digest, purchase_id, entitlement_id, moment, scope, place, since, until,
            retention_days, qualified, number)
), open AS MATERIALIZED (
    SELECT offer.id, offer.product_id, offer.price_minor, offer.currency, offer.vat_rate, offer.kind, offer.billing_period,
        offer.trial_days, offer.term_days, offer.offered_at, offer.offered_until, offer.reserved_for, asked.code,
        product.code AS product, product.title_zh, product.title_en, operated.party_id AS operator_id,
        (SELECT max(number) FROM product_revision WHERE product_revision.product_id = offer.product_id) AS revision
    FROM (SELECT request.offer AS code, max(moment) AS moment FROM request GROUP BY request.offer) AS asked
    JOIN offer ON offer.code = asked.code JOIN product ON product.id = offer.product_id
    LEFT JOIN responsibility AS operated ON operated.subject_id = product.id AND operated.role = 'operator'
        AND upper_inf(operated.valid) AND upper_inf(operated.recorded)
    WHERE offer.withdrawn_at IS NULL AND offer.approval = 'automatic'
        AND NOT EXISTS (SELECT FROM offer_place WHERE offer_place.offer_id = offer.id AND taken >= places)
        AND NOT EXISTS (SELECT FROM offer_obstacle(offer.id, offer.product_id, asked.moment))
), held AS MATERIALIZED (
    SELECT id FROM offer WHERE id IN (SELECT id FROM open) AND withdrawn_at IS NULL FOR SHARE SKIP LOCKED
), room AS MATERIALIZED (
    SELECT offer_id, places - taken AS places FROM offer_place WHERE offer_id IN (SELECT id FROM held)
    ORDER BY offer_id FOR UPDATE
), chosen AS MATERIALIZED (
    SELECT request.*, open.id AS offer_id, open.product_id, open.price_minor, open.currency, open.vat_rate,
        open.kind, open.billing_period, open.trial_days, open.product, open.title_zh, open.title_en,
        open.operator_id, open.revision, room.places,
        CASE WHEN until IS NULL OR until > begins
            THEN tstzrange(begins, COALESCE(until, begins + make_interval(days => open.term_days))) END AS valid,
        CASE WHEN begins > moment THEN 'agreed' ELSE 'active' END AS state,
        row_number() OVER (PARTITION BY open.id ORDER BY request.number) AS turn
    FROM request JOIN open ON open.code = request.offer JOIN held ON held.id = open.id
    LEFT JOIN room ON room.offer_id = open.id,
        GREATEST(since, moment) AS begins
    WHERE alone AND is_first AND offered_at <= moment AND (offered_until IS NULL OR offered_until > moment)
        AND (reserved_for IS NULL OR reserved_for = enterprise_id)
        AND NOT EXISTS (SELECT FROM command_key
            WHERE command_key.enterprise_id = request.enterprise_id AND command_key.key = request.key)
        AND NOT EXISTS (SELECT FROM request_problem(open.id, enterprise_id, purpose, scope, request.place, since, until,
            retention_days, qualifications, moment))
), command AS (
    INSERT INTO command_key (enterprise_id, key, command, digest, purchase_id, recorded_at)
    SELECT enterprise_id, key, $5, digest, purchase_id, moment FROM chosen WHERE places IS NULL OR turn <= places
    ON CONFLICT (enterprise_id, key) DO NOTHING
    RETURNING purchase_id
), sold AS MATERIALIZED (
    SELECT chosen.* FROM command JOIN chosen USING (purchase_id)
), seated AS (
    UPDATE offer_place SET taken = taken + sold.many
    FROM (SELECT offer_id, count(*) AS many FROM sold WHERE places IS NOT NULL GROUP BY offer_id) AS sold
    WHERE offer_place.offer_id = sold.offer_id
), bought AS (
    INSERT INTO purchase (enterprise_id, id, offer_id, product_id, revision, purpose, price_minor, currency, state,
        requested_at, accepted_at, recorded_at, scope, place, wanted, retention_days, qualifications, holds_place)
    SELECT enterprise_id, purchase_id, offer_id, product_id, revision, purpose, price_minor, currency, state, moment, moment,
        moment, scope, place, CASE WHEN num_nonnulls(since, until) > 0 THEN valid END, retention_days, qualifications,
        places IS NOT NULL
    FROM sold
), moved AS (
    INSERT INTO purchase_transition (enterprise_id, purchase_id, number, to_state, party_id, reason, moved_at)
    SELECT enterprise_id, purchase_id, 1, state, enterprise_id, 'The offer was accepted.', moment FROM sold
), told AS (
    INSERT INTO market_event (enterprise_id, id, type, purchase_id, subject_id, data, occurred_at)
    SELECT enterprise_id, uuid7(moment, 1), 'purchase.' || state, purchase_id, purchase_id, jsonb_build_object('number', 1,
        'from', NULL, 'to', state, 'reason', 'The offer was accepted.', 'product', product, 'offer', offer), moment
    FROM sold
), noticed AS (
    INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
    SELECT gen_random_uuid(), side.party_id, 'purchase.' || state, side.path || purchase_id,
        format('采购“%s”：%s。理由：挂牌已被接受。', title_zh, words.zh),
        format('Purchase of "%s": %s. Reason: The offer was accepted.', title_en, words.en), moment
    FROM sold, transition_words(state, NULL) AS words,
        LATERAL (VALUES (enterprise_id, '/purchases/'), (operator_id, '/sales/')) AS side (party_id, path)
    WHERE side.party_id IS NOT NULL
), entitled AS (
    INSERT INTO entitlement (enterprise_id, id, purchase_id, product_id, valid)
    SELECT enterprise_id, entitlement_id, purchase_id, product_id, valid FROM sold
), granted AS (
    INSERT INTO entitlement_grant (enterprise_id, entitlement_id, meter, id, quantity, period, hard, carry_over, priority,
        valid, since, granted_at)
    SELECT enterprise_id, entitlement_id, quota.meter, gen_random_uuid(), quota.quantity, quota.period, quota.hard,
        quota.carry_over, 100, quota.valid, lower(quota.valid), moment
    FROM sold, quota_period(offer_id, sold.valid, trial_days) AS quota
)
SELECT request.alone, EXISTS (SELECT FROM open WHERE open.code = request.offer AND open.id NOT IN (SELECT id FROM held)),
    CASE WHEN sold.number IS NOT NULL THEN json_build_object('id', sold.purchase_id,
    'state', sold.state, 'product', sold.product, 'title_zh', sold.title_zh, 'title_en', sold.title_en,
    'revision', sold.revision, 'offer', sold.offer, 'purpose', sold.purpose, 'scope', sold.scope, 'place', sold.place,
    'from', CASE WHEN num_nonnulls(sold.since, sold.until) > 0 THEN lower(sold.valid) END,
    'until', CASE WHEN num_nonnulls(sold.since, sold.until) > 0 THEN upper(sold.valid) END,
    'retention_days', sold.retention_days, 'qualifications', sold.qualifications,
    'kind', sold.kind, 'billing_period', sold.billing_period,
    'price', json_build_object('minor_units', sold.price_minor, 'currency', sold.currency),
    'price_with_tax', json_build_object('minor_units', sold.price_minor + round(sold.price_minor * sold.vat_rate),
        'currency', sold.currency),
    'requested_at', sold.moment, 'accepted_at', sold.moment, 'ended_at', NULL, 'ended_as', NULL,
    'reason', 'The offer was accepted.', 'moved_at', sold.moment, 'cancelled_at', NULL,
    'entitlement', json_build_object('id', sold.entitlement_id, 'since', lower(sold.valid), 'until', upper(sold.valid)))
    END::text
FROM request LEFT JOIN sold USING (number)
ORDER BY request.number;
