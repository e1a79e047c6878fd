-- What of an offer lies above the ceilings of its product at a moment, one row each; no row: nothing. A ceiling binds every
-- price of its unit, whatever the fee is said to be; one that is said to be guided needs one for each of its prices.
-- A unit of a package costs its part of the package, and what is paid for entering a tier counts for the units below it.
CREATE OR REPLACE FUNCTION above_ceiling(offer uuid, moment timestamptz)
RETURNS TABLE (member text, unit text, price numeric, ceiling numeric, message_zh text, message_en text)
LANGUAGE sql STABLE AS $$
    SELECT part.member, part.unit, part.price, highest.ceiling_minor,
        format('%s：%s 分（%s），', words.zh, trim_scale(round(part.price, 6)), plan.currency)
            || COALESCE('高于最高限价 ' || trim_scale(highest.ceiling_minor) || ' 分（' || highest.approval || '）', '没有有效的最高限价'),
        format('%s: %s minor units of %s, ', words.en, trim_scale(round(part.price, 6)), plan.currency)
            || COALESCE('above the ceiling of ' || trim_scale(highest.ceiling_minor) || ' (' || highest.approval || ')',
                'and no ceiling is in force')
    FROM offer AS plan
    CROSS JOIN LATERAL (
        SELECT limits.member, COALESCE(plan.billing_period, 'product') AS unit, limits.price::numeric AS price
        FROM (VALUES ('price_minor', plan.price_minor), ('minimum_minor', plan.minimum_minor)) AS limits (member, price)
        UNION ALL
        SELECT format('usage: %s above %s', tier.meter, trim_scale(tier.above)), tier.meter,
            tier.unit_price / COALESCE(usage_price.package_size, 1) + CASE WHEN tier.flat_minor = 0 THEN 0
                WHEN tier.above = 0 THEN 'Infinity' ELSE tier.flat_minor / tier.above END
        FROM offer_usage_price AS usage_price
        JOIN offer_usage_tier AS tier ON tier.offer_id = usage_price.offer_id AND tier.meter = usage_price.meter
        WHERE usage_price.offer_id = plan.id) AS part
    LEFT JOIN offer_condition AS fee ON fee.offer_id = plan.id AND fee.kind = 'fee'
    LEFT JOIN price_ceiling AS highest ON highest.product_id = plan.product_id AND highest.unit = part.unit
        AND highest.currency = plan.currency AND highest.valid @> legal_day(above_ceiling.moment)
    LEFT JOIN meter ON meter.code = part.unit
    CROSS JOIN LATERAL (SELECT
        CASE part.unit WHEN 'product' THEN '一次采购' WHEN 'month' THEN '每月' WHEN 'quarter' THEN '每季度' WHEN 'year' THEN '每年'
            ELSE meter.title_zh END AS zh,
        CASE part.unit WHEN 'product' THEN 'A purchase' WHEN 'month' THEN 'A month' WHEN 'quarter' THEN 'A quarter'
            WHEN 'year' THEN 'A year' ELSE meter.title_en END AS en) AS words
    WHERE plan.id = above_ceiling.offer AND part.price > 0
        AND (part.price > highest.ceiling_minor OR highest.ceiling_minor IS NULL AND fee.value = '"guided"')
$$;
