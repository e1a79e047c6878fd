-- The classes of whatever is done with a product at a time, as far as known then: one of each dimension; '' is the class of those
-- for which none is known. What several provinces, scenarios or domains stand behind is of the class 'several', so that the classes
-- of a dimension add up. Without a revision it is the one published last.
CREATE OR REPLACE FUNCTION product_class(of_product uuid, of_revision integer, at timestamptz, known timestamptz)
RETURNS TABLE (dimension text, class text) LANGUAGE sql STABLE AS $$
SELECT of.dimension, COALESCE(of.class, '')
FROM product AS sold
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
CROSS JOIN LATERAL (VALUES ('product_kind', sold.kind), ('use_class', sold.use_class), ('seller', seller.code),
    ('seller_province', seller.province), ('origin_province', origin.province), ('scenario', scenario.code),
    ('domain', scenario.domain)) AS of (dimension, class)
WHERE sold.id = of_product
$$;
