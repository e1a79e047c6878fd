-- Accepts an offer that needs no approval, in one statement: the command's key, the purchase, its transition, the event that
-- tells of it and the entitlement land together or not at all.
-- One row: whether no other command with this key is running, and the new purchase as JSON, null when the key was used
-- before or the offer cannot be accepted (find_command and find_refusal tell which).
-- FOR SHARE makes a purchase and a withdrawal of the offer wait for each other.
-- $1 enterprise, $2 offer code, $3 purpose, $4 key, $5 command, $6 digest, $7 purchase id, $8 entitlement id, $9 now, $10 event id
WITH alone AS MATERIALIZED (
    SELECT pg_try_advisory_xact_lock(hashtextextended($1::uuid || $4::text, 0)) AS yes
), chosen AS MATERIALIZED (
    SELECT offer.id, offer.code, offer.product_id, offer.price_minor, offer.currency, offer.term_days
    FROM offer
    WHERE offer.code = $2 AND offer.withdrawn_at IS NULL AND offer.offered_at <= $9
        AND (offer.offered_until IS NULL OR offer.offered_until > $9) AND offer.approval = 'automatic'
        AND (offer.reserved_for IS NULL OR offer.reserved_for = $1)
        AND $3 = ANY(offer.purposes) AND (SELECT yes FROM alone)
        AND EXISTS (SELECT FROM product WHERE product.id = offer.product_id AND product.listed_at IS NOT NULL AND product.delisted_at IS NULL)
        AND NOT EXISTS (SELECT FROM product_suspension
                        WHERE product_suspension.product_id = offer.product_id AND lifted_at IS NULL)
        AND NOT EXISTS (SELECT FROM condition_flag
                        WHERE condition_flag.offer_id = offer.id AND decision IS DISTINCT FROM 'accepted')
        AND NOT EXISTS (SELECT FROM offer_need AS need WHERE need.offer_id = offer.id AND NOT EXISTS (
            SELECT FROM credential WHERE credential.product_id = need.product_id AND credential.kind = need.kind
                AND credential.state = 'in_force' AND credential.valid @> legal_day($9::timestamptz)))
        AND NOT EXISTS (SELECT FROM obtained_source(offer.product_id, $9) AS source WHERE source.until IS NULL)
    FOR SHARE OF offer
), command AS (
    INSERT INTO command_key (enterprise_id, key, command, digest, purchase_id, recorded_at)
    SELECT $1, $4, $5, $6, $7, $9 FROM chosen
    ON CONFLICT (enterprise_id, key) DO NOTHING
    RETURNING purchase_id
), bought AS (
    INSERT INTO purchase (enterprise_id, id, offer_id, product_id, revision, purpose, price_minor, currency, state,
        requested_at, accepted_at, recorded_at)
    SELECT $1, command.purchase_id, chosen.id, chosen.product_id,
        (SELECT max(number) FROM product_revision WHERE product_id = chosen.product_id),
        $3, chosen.price_minor, chosen.currency, 'active', $9, $9, $9
    FROM chosen, command
    RETURNING id, product_id, revision
), moved AS (
    INSERT INTO purchase_transition (enterprise_id, purchase_id, number, to_state, party_id, reason, moved_at)
    SELECT $1, bought.id, 1, 'active', $1, 'the offer was accepted', $9 FROM bought
), told AS (
    INSERT INTO market_event (enterprise_id, id, type, purchase_id, subject_id, occurred_at)
    SELECT $1, $10, 'purchase.active', bought.id, bought.id, $9 FROM bought
), entitled AS (
    INSERT INTO entitlement (enterprise_id, id, purchase_id, product_id, valid)
    SELECT $1, $8, bought.id, bought.product_id, tstzrange($9, $9 + make_interval(days => chosen.term_days))
    FROM bought, chosen
    RETURNING id, valid
)
SELECT alone.yes, CASE WHEN bought.id IS NOT NULL THEN json_build_object('id', bought.id, 'state', 'active',
    'product', (SELECT code FROM product WHERE id = bought.product_id), 'revision', bought.revision,
    'offer', chosen.code, 'purpose', $3::text,
    'price', json_build_object('minor_units', chosen.price_minor, 'currency', chosen.currency),
    'accepted_at', $9::timestamptz,
    'entitlement', json_build_object('id', entitled.id, 'since', lower(entitled.valid),
        'until', upper(entitled.valid))) END::text
FROM alone LEFT JOIN (bought CROSS JOIN chosen CROSS JOIN entitled) ON true;
