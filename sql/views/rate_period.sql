-- Rating: what a period of a purchase costs, by the price plan of its offer. Quotes and invoices call the same function;
-- docs/rating.md says each rule with an example. A change of a rule needs the next rating version.
CREATE OR REPLACE FUNCTION rating_version() RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 1;

-- An amount in whole minor units: half-up (away from zero), once; 22003 when it is more than a bigint holds.
CREATE OR REPLACE FUNCTION minor_units(amount numeric) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN round(amount)::bigint;

-- The lines of the period; each costs quantity times unit price, rounded once.
-- $1 offer, $2 whether it is the trial, $3 how much of a whole period it covers (1: all; fixed price, minimum and maximum
-- are reduced by it), $4 quantities by meter, such as {"download": 12.5}; meters that the plan does not price cost nothing
CREATE OR REPLACE FUNCTION rate_period(offer uuid, trial boolean, share numeric, usage jsonb)
RETURNS TABLE (line integer, kind text, meter text, quantity numeric, unit_price numeric, net_minor bigint, vat_minor bigint,
    title_zh text, title_en text)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
WITH part AS (
    SELECT CASE WHEN rate_period.trial THEN 'trial' ELSE 'fixed' END AS kind, NULL AS meter, NULL::numeric AS above,
        NULL::numeric AS up_to, NULL::numeric AS package_size, rate_period.share AS quantity,
        CASE WHEN rate_period.trial THEN 0 ELSE plan.price_minor END::numeric AS unit_price
    FROM offer AS plan WHERE plan.id = rate_period.offer AND (rate_period.trial OR plan.price_minor > 0)
    UNION ALL
    SELECT part.kind, price.meter, tier.above, tier.up_to, price.package_size, part.quantity,
        CASE WHEN rate_period.trial THEN 0 ELSE part.unit_price END
    FROM jsonb_each_text(rate_period.usage) AS used (meter, quantity)
    JOIN offer_usage_price AS price ON price.offer_id = rate_period.offer AND price.meter = used.meter
    CROSS JOIN LATERAL (SELECT above, unit_price, flat_minor, lead(above) OVER (ORDER BY above) AS up_to
        FROM offer_usage_tier WHERE offer_id = price.offer_id AND meter = price.meter) AS tier
    CROSS JOIN LATERAL (SELECT used.quantity::numeric AS total) AS measured
    CROSS JOIN LATERAL (VALUES
        ('usage', CASE WHEN price.mode = 'graduated' THEN LEAST(measured.total, tier.up_to) - tier.above
            WHEN price.mode = 'package' THEN ceil(measured.total / price.package_size) ELSE measured.total END, tier.unit_price),
        ('entry', 1, tier.flat_minor)) AS part (kind, quantity, unit_price)
    WHERE measured.total > tier.above AND (price.mode = 'graduated' OR tier.up_to IS NULL OR measured.total <= tier.up_to)
        AND (part.kind = 'usage' OR part.unit_price > 0 AND NOT rate_period.trial)
), priced AS (
    SELECT part.kind, part.meter, part.above, part.up_to, part.package_size, part.quantity, part.unit_price,
        minor_units(part.quantity * part.unit_price) AS net_minor FROM part
), limited AS (
    SELECT kind, meter, above, up_to, package_size, quantity, unit_price, net_minor FROM priced
    UNION ALL
    SELECT CASE WHEN due.amount < due.minimum THEN 'minimum' ELSE 'maximum' END, NULL, NULL, NULL, NULL,
        sign(GREATEST(due.amount, due.minimum) - due.amount + LEAST(due.amount, due.maximum) - due.amount),
        GREATEST(due.minimum - due.amount, due.amount - due.maximum),
        minor_units(CASE WHEN due.amount < due.minimum THEN due.minimum ELSE due.maximum END - due.amount)
    FROM (SELECT COALESCE((SELECT sum(net_minor) FROM priced), 0) AS amount,
            round(plan.minimum_minor * rate_period.share) AS minimum, round(plan.maximum_minor * rate_period.share) AS maximum
        FROM offer AS plan WHERE plan.id = rate_period.offer AND NOT rate_period.trial
            AND num_nonnulls(plan.minimum_minor, plan.maximum_minor) > 0) AS due
    WHERE due.amount < due.minimum OR due.amount > due.maximum
)
SELECT (row_number() OVER (ORDER BY word.place, limited.meter, limited.above, word.kind DESC))::integer,
    limited.kind, limited.meter, limited.quantity, limited.unit_price, limited.net_minor,
    minor_units(limited.net_minor * plan.vat_rate),
    concat(COALESCE(meter.title_zh, word.title_zh), CASE WHEN limited.kind = 'entry' THEN '：' || word.title_zh END,
        '，超过 ' || trim_scale(NULLIF(limited.above, 0)), '，至 ' || trim_scale(limited.up_to),
        '，每包 ' || trim_scale(limited.package_size)),
    concat(COALESCE(meter.title_en, word.title_en), CASE WHEN limited.kind = 'entry' THEN ': ' || word.title_en END,
        ', above ' || trim_scale(NULLIF(limited.above, 0)), ', up to ' || trim_scale(limited.up_to),
        ', in packages of ' || trim_scale(limited.package_size))
FROM limited
JOIN offer AS plan ON plan.id = rate_period.offer
JOIN (VALUES ('trial', 1, '试用', 'Trial'), ('fixed', 2, '固定费用', 'Fixed price'), ('usage', 3, '用量', 'Use'),
    ('entry', 3, '档位固定费', 'fixed price of the tier'), ('minimum', 4, '补足最低费用', 'Up to the minimum'),
    ('maximum', 5, '最高费用限额', 'Down to the maximum')) AS word (kind, place, title_zh, title_en) ON word.kind = limited.kind
LEFT JOIN meter ON meter.code = limited.meter
$$;
