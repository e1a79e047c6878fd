-- The moments at which classes of a product may change (product_class): between two of them all are the same.
CREATE OR REPLACE VIEW product_turn AS
SELECT turn.product_id, array_agg(DISTINCT turn.at ORDER BY turn.at) AS turns
FROM (
    SELECT charged.product_id, bound.at
    FROM (
        SELECT subject_id AS product_id, valid, recorded FROM responsibility WHERE role = 'operator' AND product_id IS NOT NULL
        UNION ALL
        SELECT source.product_id, provided.valid, provided.recorded
        FROM product_revision_source AS source
        JOIN responsibility AS provided ON provided.subject_id = source.entry_id AND provided.role = 'provider'
    ) AS charged
    CROSS JOIN LATERAL (VALUES (lower(valid)), (upper(valid)), (lower(recorded)), (upper(recorded))) AS bound (at)
    UNION ALL
    SELECT product_id, published_at FROM product_revision
    UNION ALL
    SELECT link.product_id, bound.at FROM scenario_link AS link CROSS JOIN LATERAL (VALUES (since), (until)) AS bound (at)
) AS turn
WHERE turn.at IS NOT NULL
GROUP BY turn.product_id;
