-- Accepts an offer that needs no approval, in one statement: the command's key, the place, the purchase, its transition, the
-- event and the notices that tell of it, the entitlement and what it grants land together or not at all.
-- One row: whether no other command with this key is running, and the new purchase as JSON, null when the key was used
-- before or the offer cannot be accepted (find_command, find_refusal and list_problems tell which). A check violation: the
-- last place of the offer was taken meanwhile.
-- FOR SHARE makes a purchase and a withdrawal of the offer wait for each other.
-- $1 enterprise, $2 offer code, $3 purpose, $4 key, $5 command, $6 digest, $7 purchase id, $8 entitlement id, $9 now,
-- $10 scope, $11 place, $12 from, $13 until, $14 retention in days, $15 qualifications
WITH alone AS MATERIALIZED (
    SELECT pg_try_advisory_xact_lock(hashtextextended($1::uuid || $4::text, 0)) AS yes
), chosen AS MATERIALIZED (
    SELECT offer.id, offer.code, offer.product_id, offer.price_minor, offer.currency, offer.vat_rate,
        offer.kind, offer.billing_period, offer.trial_days,
        CASE WHEN $13::timestamptz IS NULL OR $13 > begins
            THEN tstzrange(begins, COALESCE($13, begins + make_interval(days => offer.term_days))) END AS valid,
        CASE WHEN begins > $9 THEN 'agreed' ELSE 'active' END AS state
    FROM offer, GREATEST($12::timestamptz, $9) AS begins
    WHERE offer.code = $2 AND offer.withdrawn_at IS NULL AND offer.offered_at <= $9
        AND (offer.offered_until IS NULL OR offer.offered_until > $9) AND offer.approval = 'automatic'
        AND (offer.reserved_for IS NULL OR offer.reserved_for = $1) AND (SELECT yes FROM alone)
        AND NOT EXISTS (SELECT FROM offer_place WHERE offer_place.offer_id = offer.id AND taken >= places)
        AND NOT EXISTS (SELECT FROM offer_obstacle(offer.id, offer.product_id, $9))
        AND NOT EXISTS (SELECT FROM request_problem(offer.id, $1, $3, $10, $11, $12, $13, $14, $15, $9))
    FOR SHARE OF offer
), command AS (
    INSERT INTO command_key (enterprise_id, key, command, digest, purchase_id, recorded_at)
    SELECT $1, $4, $5, $6, $7, $9 FROM chosen
    ON CONFLICT (enterprise_id, key) DO NOTHING
    RETURNING purchase_id
), seated AS (
    UPDATE offer_place SET taken = taken + 1 FROM chosen, command WHERE offer_place.offer_id = chosen.id
    RETURNING offer_place.offer_id
), bought AS (
    INSERT INTO purchase (enterprise_id, id, offer_id, product_id, revision, purpose, price_minor, currency, state,
        requested_at, accepted_at, recorded_at, scope, place, wanted, retention_days, qualifications, holds_place)
    SELECT $1, command.purchase_id, chosen.id, chosen.product_id,
        (SELECT max(number) FROM product_revision WHERE product_id = chosen.product_id),
        $3, chosen.price_minor, chosen.currency, chosen.state, $9, $9, $9, $10, $11,
        CASE WHEN num_nonnulls($12, $13) > 0 THEN chosen.valid END, $14, $15, EXISTS (SELECT FROM seated)
    FROM chosen, command
    RETURNING id, product_id, revision, state, offer_id
), moved AS (
    INSERT INTO purchase_transition (enterprise_id, purchase_id, number, to_state, party_id, reason, moved_at)
    SELECT $1, bought.id, 1, bought.state, $1, 'The offer was accepted.', $9 FROM bought
), product AS MATERIALIZED (
    SELECT product.code, product.title_zh, product.title_en, held.party_id AS operator_id
    FROM bought JOIN product ON product.id = bought.product_id
    LEFT JOIN responsibility AS held ON held.subject_id = product.id AND held.role = 'operator'
        AND upper_inf(held.valid) AND upper_inf(held.recorded)
), told AS (
    INSERT INTO market_event (enterprise_id, id, type, purchase_id, subject_id, data, occurred_at)
    SELECT $1, uuid7($9, 1), 'purchase.' || bought.state, bought.id, bought.id, jsonb_build_object('number', 1, 'from', NULL,
        'to', bought.state, 'reason', 'The offer was accepted.', 'product', product.code, 'offer', chosen.code), $9
    FROM bought, chosen, product
), noticed AS (
    INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
    SELECT gen_random_uuid(), side.party_id, 'purchase.' || bought.state, side.path || bought.id,
        format('采购“%s”：%s。理由：挂牌已被接受。', product.title_zh, words.zh),
        format('Purchase of "%s": %s. Reason: The offer was accepted.', product.title_en, words.en), $9
    FROM bought, product, transition_words(bought.state, NULL) AS words,
        LATERAL (VALUES ($1, '/purchases/'), (product.operator_id, '/sales/')) AS side (party_id, path)
    WHERE side.party_id IS NOT NULL
), entitled AS (
    INSERT INTO entitlement (enterprise_id, id, purchase_id, product_id, valid)
    SELECT $1, $8, bought.id, bought.product_id, chosen.valid FROM bought, chosen
    RETURNING id, valid
), granted AS (
    INSERT INTO entitlement_grant (enterprise_id, entitlement_id, meter, id, quantity, period, hard, carry_over, priority,
        valid, since, granted_at)
    SELECT $1, entitled.id, quota.meter, gen_random_uuid(), quota.quantity, quota.period, quota.hard, quota.carry_over, 100,
        quota.valid, lower(quota.valid), $9
    FROM entitled, bought, chosen, quota_period(bought.offer_id, entitled.valid, chosen.trial_days) AS quota
)
SELECT alone.yes, CASE WHEN bought.id IS NOT NULL THEN json_build_object('id', bought.id, 'state', bought.state,
    'product', product.code, 'title_zh', product.title_zh, 'title_en', product.title_en,
    'revision', bought.revision, 'offer', chosen.code, 'purpose', $3::text, 'scope', $10::text,
    'place', $11::text, 'from', CASE WHEN num_nonnulls($12, $13) > 0 THEN lower(chosen.valid) END,
    'until', CASE WHEN num_nonnulls($12, $13) > 0 THEN upper(chosen.valid) END, 'retention_days', $14::integer,
    'qualifications', $15::text[],
    'kind', chosen.kind, 'billing_period', chosen.billing_period,
    'price', json_build_object('minor_units', chosen.price_minor, 'currency', chosen.currency),
    'price_with_tax', json_build_object('minor_units', chosen.price_minor + round(chosen.price_minor * chosen.vat_rate),
        'currency', chosen.currency),
    'requested_at', $9::timestamptz, 'accepted_at', $9::timestamptz, 'ended_at', NULL, 'ended_as', NULL,
    'reason', 'The offer was accepted.', 'moved_at', $9::timestamptz, 'cancelled_at', NULL,
    'entitlement', json_build_object('id', entitled.id, 'since', lower(entitled.valid),
        'until', upper(entitled.valid))) END::text
FROM alone LEFT JOIN (bought CROSS JOIN chosen CROSS JOIN entitled CROSS JOIN product) ON true;
