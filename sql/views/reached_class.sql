-- The scenarios and domains that name a product, as far as known at a time, each by itself; '' where any does.
CREATE OR REPLACE FUNCTION reached_class(of_product uuid, known timestamptz)
RETURNS TABLE (dimension text, class text) LANGUAGE sql STABLE AS $$
SELECT DISTINCT of.dimension, of.class
FROM scenario_link AS link
CROSS JOIN LATERAL (VALUES ('', ''), ('scenario', link.code), ('domain', link.domain)) AS of (dimension, class)
WHERE link.product_id = of_product AND link.since <= known AND COALESCE(link.until > known, true)
$$;
