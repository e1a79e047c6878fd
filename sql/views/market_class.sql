-- The classes of what an enterprise does with a product at a time, as far as known then: one of each dimension; '' is the whole,
-- and the class of those for which none is known. What several provinces, scenarios or domains stand behind is of the class
-- 'several', so that the classes of a dimension add up.
CREATE OR REPLACE FUNCTION market_class(of_enterprise uuid, of_product uuid, of_revision integer, at timestamptz,
    known timestamptz)
RETURNS TABLE (dimension text, class text) LANGUAGE sql STABLE AS $$
SELECT of.dimension, COALESCE(of.class, '')
FROM party AS buyer
JOIN product AS sold ON sold.id = of_product
LEFT JOIN responsibility AS operated ON operated.subject_id = sold.id AND operated.role = 'operator'
    -- By its bounds: for one after the other, the index of a product's few responsibilities costs a hundredth of the one of
    -- ranges.
    AND at >= COALESCE(lower(operated.valid), '-infinity') AND at < COALESCE(upper(operated.valid), 'infinity')
    AND known >= COALESCE(lower(operated.recorded), '-infinity') AND known < COALESCE(upper(operated.recorded), 'infinity')
LEFT JOIN party AS seller ON seller.id = operated.party_id
CROSS JOIN LATERAL (
    SELECT CASE WHEN count(DISTINCT provider.province) > 1 THEN 'several' ELSE min(provider.province) END AS province
    FROM product_revision_source AS source
    JOIN responsibility AS provided ON provided.subject_id = source.entry_id AND provided.role = 'provider'
        AND at >= COALESCE(lower(provided.valid), '-infinity') AND at < COALESCE(upper(provided.valid), 'infinity')
        AND known >= COALESCE(lower(provided.recorded), '-infinity')
        AND known < COALESCE(upper(provided.recorded), 'infinity')
    JOIN party AS provider ON provider.id = provided.party_id
    WHERE source.product_id = of_product AND source.number = COALESCE(of_revision,
        (SELECT max(number) FROM product_revision AS made WHERE made.product_id = of_product AND made.published_at <= at))
) AS origin
CROSS JOIN LATERAL (
    SELECT CASE WHEN count(*) > 1 THEN 'several' ELSE min(link.code) END AS code,
        CASE WHEN count(DISTINCT link.domain) > 1 THEN 'several' ELSE min(link.domain) END AS domain
    FROM scenario_link AS link
    WHERE link.product_id = of_product AND link.since <= known AND COALESCE(link.until > known, true)
) AS scenario
CROSS JOIN LATERAL (VALUES ('', NULL), ('section', buyer.industry_section), ('province', buyer.province),
    ('enterprise_kind', buyer.enterprise_kind), ('product_kind', sold.kind), ('use_class', sold.use_class),
    ('seller', seller.code), ('seller_province', seller.province), ('origin_province', origin.province),
    ('scenario', scenario.code), ('domain', scenario.domain)) AS of (dimension, class)
WHERE buyer.id = of_enterprise
$$;
