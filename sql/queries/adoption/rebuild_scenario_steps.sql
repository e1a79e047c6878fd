-- Notes which scenarios enterprises came to, from all that they did with products; what was noted stays.
INSERT INTO scenario_step (enterprise_id, step, dimension, class, product_id, happened_at, recorded_at)
SELECT DISTINCT ON (reached.enterprise_id, reached.step, of.dimension, of.class) reached.enterprise_id, reached.step, of.dimension,
    of.class, reached.product_id, reached.happened_at, reached.recorded_at
FROM funnel_step AS reached CROSS JOIN LATERAL reached_class(reached.product_id, reached.recorded_at) AS of
WHERE reached.step IN ('agreed', 'used')
ORDER BY 1, 2, 3, 4, reached.recorded_at, reached.happened_at, reached.product_id
ON CONFLICT DO NOTHING;
