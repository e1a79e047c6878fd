-- Counts one download and answers what to send; no row: not allowed now (find_entitlement tells why).
-- The right, what is left of it and its use are one statement: what is sent was counted and taken from what was granted,
-- and nothing is counted without the right. What hard grants hold is never exceeded; beyond that the last soft one pays,
-- and both sides are told when it is first exceeded.
-- $1 enterprise, $2 entitlement, $3 usage event id, $4 now, $5 market event id
WITH due AS MATERIALIZED (
    SELECT entitlement.id AS entitlement_id, purchase.id AS purchase_id, purchase.product_id, purchase.revision,
        content.sha256, content.bytes, revision.file_name, revision.media_type
    FROM entitlement
    JOIN purchase ON purchase.enterprise_id = entitlement.enterprise_id AND purchase.id = entitlement.purchase_id
    JOIN product_revision AS revision
        ON revision.product_id = purchase.product_id AND revision.number = purchase.revision
    JOIN content ON content.sha256 = revision.sha256
    WHERE entitlement.enterprise_id = $1 AND entitlement.id = $2 AND entitlement.valid @> $4::timestamptz
        AND entitlement.suspended_at IS NULL AND COALESCE(entitlement.ended_at > $4, true)
        AND purchase.state IN ('agreed', 'active')
    FOR SHARE OF entitlement
), held AS MATERIALIZED (
    SELECT held.id, held.meter, held.quantity, held.period, held.hard, held.carry_over, held.valid, held.since, held.carried,
        held.used, held.priority
    FROM entitlement_grant AS held, due
    WHERE held.enterprise_id = $1 AND held.entitlement_id = due.entitlement_id AND held.meter = 'download'
    ORDER BY held.id
    FOR UPDATE OF held
), roomy AS (
    SELECT held.id, held.hard, standing.since, standing.carried, standing.used, standing.room,
        standing.used <= held.quantity + standing.carried AS is_within,
        sum(standing.room) OVER (ORDER BY held.priority, upper(held.valid), held.id) - standing.room AS before,
        sum(standing.room) OVER () AS all_room,
        row_number() OVER (ORDER BY held.hard, held.priority DESC, upper(held.valid) DESC, held.id DESC) AS place
    FROM held, grant_at(held.quantity, held.period, held.carry_over, held.valid, held.since, held.carried, held.used, $4)
        AS standing
    WHERE held.valid @> $4::timestamptz
), taken AS MATERIALIZED (
    SELECT id, since, carried, used, place = 1 AND NOT hard AND is_within AND all_room < 1 AS is_exceeded,
        LEAST(room, GREATEST(0, 1 - before))
            + CASE WHEN place = 1 AND NOT hard THEN GREATEST(0, 1 - all_room) ELSE 0 END AS quantity
    FROM roomy
), allowed AS MATERIALIZED (
    SELECT due.entitlement_id, due.purchase_id, due.product_id, due.revision, due.sha256, due.bytes, due.file_name,
        due.media_type
    FROM due WHERE NOT EXISTS (SELECT FROM held) OR (SELECT sum(quantity) FROM taken) >= 1
), counted AS (
    INSERT INTO usage_event (enterprise_id, occurred_at, id, entitlement_id, meter, quantity, bytes, product_id,
        revision, recorded_at)
    SELECT $1, $4, $3, entitlement_id, 'download', 1, bytes, product_id, revision, $4 FROM allowed
    RETURNING id
), totalled AS (
    INSERT INTO usage_total AS total (enterprise_id, entitlement_id, meter, day, events, quantity, bytes)
    SELECT $1, entitlement_id, 'download', legal_day($4), 1, 1, bytes FROM allowed
    ON CONFLICT (enterprise_id, entitlement_id, meter, day) DO UPDATE SET events = total.events + 1,
        quantity = total.quantity + excluded.quantity, bytes = total.bytes + excluded.bytes
), windowed AS (
    INSERT INTO usage_window AS total (enterprise_id, entitlement_id, meter, since, events, quantity, least, most, latest,
        latest_at, latest_id)
    SELECT $1, entitlement_id, 'download', date_bin('15 minutes', $4::timestamptz, '2000-01-01T00:00:00Z'), 1, 1, 1, 1, 1, $4, $3
    FROM allowed
    ON CONFLICT (enterprise_id, entitlement_id, meter, since, dimensions, value) DO UPDATE SET events = total.events + 1,
        quantity = total.quantity + 1,
        latest_id = CASE WHEN (excluded.latest_at, excluded.latest_id) > (total.latest_at, total.latest_id)
            THEN excluded.latest_id ELSE total.latest_id END,
        latest_at = GREATEST(total.latest_at, excluded.latest_at)
), debited AS (
    UPDATE entitlement_grant SET since = taken.since, carried = taken.carried, used = taken.used + taken.quantity
    FROM taken, allowed
    WHERE entitlement_grant.enterprise_id = $1 AND entitlement_grant.entitlement_id = allowed.entitlement_id
        AND entitlement_grant.meter = 'download' AND entitlement_grant.id = taken.id AND taken.quantity > 0
), used AS (
    INSERT INTO grant_use (enterprise_id, entitlement_id, meter, grant_id, usage_event_id, since, quantity)
    SELECT $1, allowed.entitlement_id, 'download', taken.id, $3, taken.since, taken.quantity
    FROM taken, allowed WHERE taken.quantity > 0
), told AS (
    INSERT INTO market_event (enterprise_id, id, type, purchase_id, subject_id, data, occurred_at)
    SELECT $1, $5, 'delivery.completed', allowed.purchase_id, counted.id, jsonb_build_object(
        'entitlement', allowed.entitlement_id, 'revision', allowed.revision, 'bytes', allowed.bytes,
        'sha256', encode(allowed.sha256, 'hex')), $4
    FROM allowed, counted
), noticed AS (
    INSERT INTO notice (id, party_id, kind, address, message_zh, message_en, told_at)
    SELECT gen_random_uuid(), side.party_id, 'entitlement.exceeded', side.path || allowed.purchase_id,
        format('“%s”的下载次数已超出额度（软额度，可继续使用）。', product.title_zh),
        format('The quota of downloads of "%s" is exceeded; it is soft and lets more through.', product.title_en), $4
    FROM allowed JOIN product ON product.id = allowed.product_id JOIN taken ON taken.is_exceeded, LATERAL (
        SELECT $1 AS party_id, '/purchases/' AS path
        UNION ALL SELECT owner.party_id, '/sales/' FROM responsibility AS owner WHERE owner.subject_id = product.id
            AND owner.role = 'operator' AND upper_inf(owner.valid) AND upper_inf(owner.recorded)) AS side
)
SELECT allowed.sha256, allowed.bytes, allowed.file_name, allowed.media_type FROM allowed, counted;
