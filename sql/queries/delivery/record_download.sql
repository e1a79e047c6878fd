-- Counts one download and answers what to send; no row: not entitled now (find_entitlement tells why).
-- The right and its use are one statement: what is sent was counted, and nothing is counted without the right.
-- $1 enterprise, $2 entitlement, $3 usage event id, $4 now, $5 market event id
WITH due AS (
    SELECT entitlement.id AS entitlement_id, purchase.id AS purchase_id, purchase.product_id, purchase.revision, content.sha256, content.bytes,
        revision.file_name, revision.media_type
    FROM entitlement
    JOIN purchase ON purchase.enterprise_id = entitlement.enterprise_id AND purchase.id = entitlement.purchase_id
    JOIN product_revision AS revision
        ON revision.product_id = purchase.product_id AND revision.number = purchase.revision
    JOIN content ON content.sha256 = revision.sha256
    WHERE entitlement.enterprise_id = $1 AND entitlement.id = $2 AND entitlement.valid @> $4::timestamptz
        AND entitlement.suspended_at IS NULL AND purchase.state = 'active'
    FOR SHARE OF entitlement
), counted AS (
    INSERT INTO usage_event (enterprise_id, occurred_at, id, entitlement_id, meter, quantity, bytes, product_id,
        revision, recorded_at)
    SELECT $1, $4, $3, entitlement_id, 'download', 1, bytes, product_id, revision, $4 FROM due
    RETURNING id
), totalled AS (
    INSERT INTO usage_total AS total (enterprise_id, entitlement_id, meter, day, events, quantity, bytes)
    SELECT $1, entitlement_id, 'download', legal_day($4), 1, 1, bytes FROM due
    ON CONFLICT (enterprise_id, entitlement_id, meter, day) DO UPDATE SET events = total.events + 1,
        quantity = total.quantity + excluded.quantity, bytes = total.bytes + excluded.bytes
), told AS (
    INSERT INTO market_event (enterprise_id, id, type, purchase_id, subject_id, data, occurred_at)
    SELECT $1, $5, 'delivery.completed', due.purchase_id, counted.id, jsonb_build_object('entitlement', due.entitlement_id,
        'revision', due.revision, 'bytes', due.bytes, 'sha256', encode(due.sha256, 'hex')), $4
    FROM due, counted
)
SELECT due.sha256, due.bytes, due.file_name, due.media_type FROM due, counted;
