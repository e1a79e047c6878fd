-- Counts a delivery of a revision on its meters; no row: not allowed now (find_entitlement tells why).
-- The right, what is left of it and its use are one statement: what is sent was counted and taken from what was granted,
-- and nothing is counted without the right. What hard grants hold is never exceeded; beyond that the last soft one pays,
-- and both sides are told when it is first exceeded. The first meter always counts, the others where the offer or a grant
-- speaks of them.
-- $1 enterprise, $2 entitlement, $3 revision, $4 now, $5 meters, $6 quantities, $7 the usage event's id, which names
-- the delivery, $8 market event id, $9 way, $10 format, $11 file or null, $12 files, $13 rows or null, $14 bytes, $15 mark or null,
-- $16 sha256 of the one file that is sent, or null
WITH due AS MATERIALIZED (
    SELECT entitlement.id AS entitlement_id, purchase.id AS purchase_id, purchase.product_id, purchase.offer_id,
        purchase.purpose, revision.number AS revision, revision.sha256
    FROM entitlement
    -- By its whole key, however few purchases there were when this was planned.
    CROSS JOIN LATERAL (SELECT id, product_id, offer_id, purpose, revision, state FROM purchase
        WHERE purchase.enterprise_id = entitlement.enterprise_id AND purchase.id = entitlement.purchase_id OFFSET 0) AS purchase
    JOIN offer ON offer.id = purchase.offer_id
    JOIN product_revision AS revision ON revision.product_id = purchase.product_id AND revision.number = $3
        AND (revision.number = purchase.revision OR revision.number > purchase.revision AND offer.kind <> 'one_off')
    WHERE entitlement.enterprise_id = $1 AND entitlement.id = $2 AND entitlement.valid @> $4::timestamptz
        AND entitlement.suspended_at IS NULL AND COALESCE(entitlement.ended_at > $4, true)
        AND purchase.state IN ('agreed', 'active')
        AND NOT EXISTS (SELECT FROM withdrawn_source AS gone WHERE gone.product_id = purchase.product_id)
    FOR SHARE OF entitlement
), metered AS MATERIALIZED (
    SELECT named.meter, named.quantity, CASE WHEN named.place = 1 THEN $14::bigint ELSE 0 END AS bytes
    FROM due, unnest($5::text[], $6::bigint[]) WITH ORDINALITY AS named (meter, quantity, place)
    WHERE named.quantity > 0 AND (named.place = 1
        OR EXISTS (SELECT FROM offer_usage_price AS price WHERE price.offer_id = due.offer_id AND price.meter = named.meter)
        OR EXISTS (SELECT FROM entitlement_grant AS other WHERE other.enterprise_id = $1
            AND other.entitlement_id = due.entitlement_id AND other.meter = named.meter))
), held AS MATERIALIZED (
    SELECT held.id, held.meter, held.quantity, held.period, held.hard, held.carry_over, held.valid, held.since, held.carried,
        held.used, held.priority
    FROM entitlement_grant AS held, due
    WHERE held.enterprise_id = $1 AND held.entitlement_id = due.entitlement_id
        AND held.meter IN (SELECT metered.meter FROM metered)
    ORDER BY held.meter, held.id
    FOR UPDATE OF held
), roomy AS (
    SELECT held.id, held.meter, held.hard, metered.quantity, standing.since, standing.carried,
        standing.used, standing.room, standing.used <= held.quantity + standing.carried AS is_within,
        sum(standing.room) OVER (PARTITION BY held.meter ORDER BY held.priority, upper(held.valid), held.id)
            - standing.room AS before,
        sum(standing.room) OVER (PARTITION BY held.meter) AS all_room,
        row_number() OVER (PARTITION BY held.meter
            ORDER BY held.hard, held.priority DESC, upper(held.valid) DESC, held.id DESC) AS place
    FROM held JOIN metered ON metered.meter = held.meter,
        grant_at(held.quantity, held.period, held.carry_over, held.valid, held.since, held.carried, held.used, $4)
        AS standing
    WHERE held.valid @> $4::timestamptz
), taken AS MATERIALIZED (
    SELECT id, meter, since, carried, used,
        place = 1 AND NOT hard AND is_within AND all_room < roomy.quantity AS is_exceeded,
        LEAST(room, GREATEST(0, roomy.quantity - before))
            + CASE WHEN place = 1 AND NOT hard THEN GREATEST(0, roomy.quantity - all_room) ELSE 0 END AS quantity
    FROM roomy
), allowed AS MATERIALIZED (
    SELECT due.entitlement_id, due.purchase_id, due.product_id, due.purpose, due.revision, due.sha256
    FROM due WHERE NOT EXISTS (SELECT FROM metered
        WHERE EXISTS (SELECT FROM held WHERE held.meter = metered.meter)
            AND COALESCE((SELECT sum(taken.quantity) FROM taken WHERE taken.meter = metered.meter), 0) < metered.quantity)
), counted AS (
    INSERT INTO usage_event (enterprise_id, occurred_at, id, entitlement_id, meter, quantity, bytes, product_id,
        revision, recorded_at)
    SELECT $1, $4, $7::uuid, entitlement_id, metered.meter, metered.quantity, metered.bytes, product_id, revision, $4
    FROM allowed, metered
), totalled AS (
    INSERT INTO usage_total AS total (enterprise_id, entitlement_id, meter, day, events, quantity, bytes)
    SELECT $1, entitlement_id, metered.meter, legal_day($4), 1, metered.quantity, metered.bytes FROM allowed, metered
    ORDER BY metered.meter
    ON CONFLICT (enterprise_id, entitlement_id, meter, day) DO UPDATE SET events = total.events + 1,
        quantity = total.quantity + excluded.quantity, bytes = total.bytes + excluded.bytes
), windowed AS (
    INSERT INTO usage_window AS total (enterprise_id, entitlement_id, meter, since, events, quantity, least, most, latest,
        latest_at, latest_id)
    SELECT $1, entitlement_id, metered.meter, date_bin('15 minutes', $4::timestamptz, '2000-01-01T00:00:00Z'), 1,
        metered.quantity, metered.quantity, metered.quantity, metered.quantity, $4, $7
    FROM allowed, metered
    ORDER BY metered.meter
    ON CONFLICT (enterprise_id, entitlement_id, meter, since, dimensions, value) DO UPDATE SET events = total.events + 1,
        quantity = total.quantity + excluded.quantity, least = LEAST(total.least, excluded.least),
        most = GREATEST(total.most, excluded.most),
        latest = CASE WHEN (excluded.latest_at, excluded.latest_id) > (total.latest_at, total.latest_id)
            THEN excluded.latest ELSE total.latest END,
        latest_id = CASE WHEN (excluded.latest_at, excluded.latest_id) > (total.latest_at, total.latest_id)
            THEN excluded.latest_id ELSE total.latest_id END,
        latest_at = GREATEST(total.latest_at, excluded.latest_at)
), fed AS (
    INSERT INTO adoption_feed (enterprise_id, product_id, entitlement_id, meter, happened_at, recorded_at, events, quantity)
    SELECT $1, product_id, entitlement_id, metered.meter, $4, $4, 1, metered.quantity FROM allowed, metered
), debited AS (
    UPDATE entitlement_grant SET since = taken.since, carried = taken.carried, used = taken.used + taken.quantity
    FROM taken, allowed
    WHERE entitlement_grant.enterprise_id = $1 AND entitlement_grant.entitlement_id = allowed.entitlement_id
        AND entitlement_grant.meter = taken.meter AND entitlement_grant.id = taken.id AND taken.quantity > 0
), used AS (
    INSERT INTO grant_use (enterprise_id, entitlement_id, meter, grant_id, usage_event_id, since, quantity)
    SELECT $1, allowed.entitlement_id, taken.meter, taken.id, $7, taken.since, taken.quantity
    FROM taken, allowed WHERE taken.quantity > 0
), recorded AS (
    INSERT INTO delivery (enterprise_id, id, entitlement_id, product_id, revision, way, format, file, purpose, files, rows,
        bytes, mark, occurred_at)
    SELECT $1, $7, entitlement_id, product_id, revision, $9, $10, $11, purpose, $12, $13::bigint, $14, $15, $4
    FROM allowed
    RETURNING id
), told AS (
    INSERT INTO market_event (enterprise_id, id, type, purchase_id, subject_id, data, occurred_at)
    SELECT $1, $8, 'delivery.completed', allowed.purchase_id, recorded.id, jsonb_strip_nulls(jsonb_build_object(
        'entitlement', allowed.entitlement_id, 'revision', allowed.revision, 'bytes', $14::bigint,
        'sha256', encode(allowed.sha256, 'hex'), 'way', $9::text, 'format', $10::text, 'file', $11::text, 'rows', $13::bigint,
        'file_sha256', encode($16::bytea, 'hex'), 'purpose', allowed.purpose)), $4
    FROM allowed, recorded
), noticed AS (
    INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
    SELECT gen_random_uuid(), side.party_id, 'entitlement.exceeded', side.path || allowed.purchase_id,
        format('“%s”的%s已超出额度（软额度，可继续使用）。', product.title_zh, meter.title_zh),
        format('The quota of %s of "%s" is exceeded; it is soft and lets more through.', lower(meter.title_en),
            product.title_en), $4
    FROM allowed JOIN product ON product.id = allowed.product_id JOIN taken ON taken.is_exceeded
    JOIN meter ON meter.code = taken.meter, LATERAL (
        SELECT $1 AS party_id, '/purchases/' AS path
        UNION ALL SELECT owner.party_id, '/sales/' FROM responsibility AS owner WHERE owner.subject_id = product.id
            AND owner.role = 'operator' AND upper_inf(owner.valid) AND upper_inf(owner.recorded)) AS side
)
SELECT allowed.purchase_id FROM allowed, recorded;
