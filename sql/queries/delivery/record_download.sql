-- Counts one download and answers what to send; no row: not entitled now (find_entitlement tells why).
-- The right and its use are one statement: what is sent was counted, and nothing is counted without the right.
-- $1 enterprise, $2 entitlement, $3 event id, $4 now
WITH due AS (
    SELECT entitlement.id AS entitlement_id, purchase.product_id, purchase.revision, content.sha256, content.bytes,
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
)
SELECT due.sha256, due.bytes, due.file_name, due.media_type FROM due, counted;
