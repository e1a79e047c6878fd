-- Products whose sources are gone, so that what was bought of them is not delivered any more: a directory entry was withdrawn,
-- or a consent to data that was received by sharing.
CREATE OR REPLACE VIEW withdrawn_source AS
SELECT suspension.product_id, suspension.reason_zh, suspension.reason_en
FROM product_suspension AS suspension
WHERE suspension.lifted_at IS NULL AND (suspension.cause = 'consent' OR suspension.cause = 'upstream'
    AND NOT EXISTS (SELECT FROM entry_in_force AS in_force WHERE in_force.entry_id = suspension.entry_id));
