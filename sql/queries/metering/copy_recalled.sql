-- Takes events of an archive into recalled_usage, each with its enterprise_id, as the table engine writes them.
COPY recalled_usage (enterprise_id, occurred_at, id, entitlement_id, meter, quantity, bytes, product_id, revision, recorded_at,
    source, source_id, dimensions, value)
FROM STDIN (FORMAT csv);
