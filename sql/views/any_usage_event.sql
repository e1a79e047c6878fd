-- Single events, also those of archived months that were recalled. Conditions on it reach the indexes of both tables.
CREATE OR REPLACE VIEW any_usage_event AS
SELECT enterprise_id, occurred_at, id, entitlement_id, meter, quantity, bytes, product_id, revision, recorded_at, source,
    source_id, dimensions, value
FROM usage_event
UNION ALL
SELECT enterprise_id, occurred_at, id, entitlement_id, meter, quantity, bytes, product_id, revision, recorded_at, source,
    source_id, dimensions, value
FROM recalled_usage;
