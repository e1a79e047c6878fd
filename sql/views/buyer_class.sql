-- The classes of whatever an enterprise does, one of each dimension; '' is the dimension of the whole, and the class of those for
-- which none is known.
CREATE OR REPLACE FUNCTION buyer_class(of_enterprise uuid)
RETURNS TABLE (dimension text, class text) LANGUAGE sql STABLE AS $$
SELECT of.dimension, COALESCE(of.class, '')
FROM party AS buyer
CROSS JOIN LATERAL (VALUES ('', NULL), ('section', buyer.industry_section), ('province', buyer.province),
    ('enterprise_kind', buyer.enterprise_kind)) AS of (dimension, class)
WHERE buyer.id = of_enterprise
$$;
