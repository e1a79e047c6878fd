-- The version of the rules by which use is priced; every line of an invoice keeps it.
CREATE OR REPLACE FUNCTION rating_version() RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 1;

-- What a period of an offer costs, line by line: the fixed price, use by meter and tier, and what brings the sum up to the
-- minimum or down to the maximum. `share` is how much of a whole period is covered: fixed price, minimum and maximum count
-- as far as it goes. A trial costs nothing. Each line is rounded once, half away from zero, and so is its tax.
-- An amount beyond bigint is an error (22003). `usage` is {"call": 12.5, …}; meters that the offer has no price for cost nothing.
CREATE OR REPLACE FUNCTION rate_period(offer uuid, trial boolean, share numeric, usage jsonb)
RETURNS TABLE (line integer, kind text, meter text, quantity numeric, unit_price numeric, net_minor bigint, vat_minor bigint,
    title_zh text, title_en text)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH terms AS MATERIALIZED (
        SELECT id, CASE WHEN trial THEN 0 ELSE price_minor END AS price_minor, vat_rate,
            CASE WHEN NOT trial THEN minimum_minor END AS minimum, CASE WHEN NOT trial THEN maximum_minor END AS maximum
        FROM offer AS chosen WHERE chosen.id = rate_period.offer
    ), used AS (
        SELECT price.meter, price.mode, price.package_size, (usage ->> price.meter)::numeric AS quantity
        FROM terms JOIN offer_usage_price AS price ON price.offer_id = terms.id AND usage ? price.meter
    ), tier AS (
        SELECT used.meter, used.mode, used.quantity, used.package_size, tier.above, tier.unit_price, tier.flat_minor,
            lead(tier.above) OVER (PARTITION BY used.meter ORDER BY tier.above) AS until
        FROM used JOIN terms ON true
        JOIN offer_usage_tier AS tier ON tier.offer_id = terms.id AND tier.meter = used.meter
        WHERE used.quantity > 0
    ), priced AS (
        SELECT tier.meter, tier.above, 'usage' AS kind, CASE tier.mode
                WHEN 'graduated' THEN LEAST(tier.quantity, tier.until) - tier.above
                WHEN 'package' THEN ceil(tier.quantity / tier.package_size) ELSE tier.quantity END AS quantity,
            tier.unit_price, tier.flat_minor
        FROM tier
        WHERE tier.quantity > tier.above AND (tier.mode = 'graduated' OR tier.until IS NULL OR tier.quantity <= tier.until)
    ), costed AS (
        SELECT 0 AS place, '' AS meter, 0::numeric AS above, 'fixed' AS kind, share AS quantity,
            price_minor::numeric AS unit_price
        FROM terms WHERE price_minor > 0
        UNION ALL
        SELECT 1, priced.meter, priced.above, priced.kind, priced.quantity, CASE WHEN trial THEN 0 ELSE priced.unit_price END
        FROM priced
        UNION ALL
        SELECT 1, priced.meter, priced.above, 'flat', 1, priced.flat_minor FROM priced WHERE priced.flat_minor > 0 AND NOT trial
    ), rounded AS (
        SELECT place, meter, above, kind, quantity, unit_price, round(quantity * unit_price)::bigint AS net FROM costed
    ), adjusted AS (
        SELECT * FROM rounded
        UNION ALL
        SELECT 2, '', 0, CASE WHEN most < whole THEN 'maximum' ELSE 'minimum' END, NULL, NULL,
            (LEAST(GREATEST(whole, least), most) - whole)::bigint
        FROM (SELECT (SELECT COALESCE(sum(net), 0) FROM rounded) AS whole, round(minimum * share) AS least,
                round(maximum * share) AS most FROM terms) AS limits
        WHERE least > whole OR most < whole
    )
    SELECT row_number() OVER (ORDER BY place, adjusted.meter, above, adjusted.kind DESC)::integer, adjusted.kind,
        NULLIF(adjusted.meter, ''), adjusted.quantity, adjusted.unit_price, adjusted.net,
        round(adjusted.net * terms.vat_rate)::bigint,
        CASE adjusted.kind WHEN 'fixed' THEN '固定费用' WHEN 'flat' THEN meter.title_zh || '（档位费）'
            WHEN 'minimum' THEN '补足最低消费' WHEN 'maximum' THEN '封顶减免' ELSE meter.title_zh END,
        CASE adjusted.kind WHEN 'fixed' THEN 'Fixed price' WHEN 'flat' THEN meter.title_en || ' (tier fee)'
            WHEN 'minimum' THEN 'Up to the minimum' WHEN 'maximum' THEN 'Down to the maximum' ELSE meter.title_en END
    FROM adjusted JOIN terms ON true LEFT JOIN meter ON meter.code = adjusted.meter
$$;
