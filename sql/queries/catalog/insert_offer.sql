-- A new offer with its price plan, quotas and places; none when its code is taken. Without a rate the tax is 6 %.
-- $1 id, $2 code, $3 product, $4 title zh, $5 title en, $6 kind, $7 price in minor units, $8 currency, $9 purposes,
-- $10 term in days, $11 reserved for, $12 now, $13 plan as JSON {billing_period, minimum_minor, maximum_minor, vat_rate,
-- trial_days, offered_until, approval, places, usage: [{meter, mode, package_size, tiers: [{above, unit_price, flat_minor}]}],
-- quotas: [{meter, trial, quantity, period, hard, carry_over}]}, $14 code of the offer that it replaces or null
WITH plan AS MATERIALIZED (SELECT $13::jsonb AS document), made AS (
    INSERT INTO offer (id, code, product_id, use_class, title_zh, title_en, kind, price_minor, currency, purposes, term_days,
        reserved_for, offered_at, billing_period, minimum_minor, maximum_minor, vat_rate, trial_days, offered_until, approval,
        replaces)
    SELECT $1, $2, product.id, product.use_class, $4, $5, $6, $7, $8, $9::text[], $10, $11, $12, document->>'billing_period',
        (document->>'minimum_minor')::bigint, (document->>'maximum_minor')::bigint,
        COALESCE((document->>'vat_rate')::numeric, 0.06), (document->>'trial_days')::integer,
        (document->>'offered_until')::timestamptz, COALESCE(document->>'approval', 'automatic'),
        (SELECT old.id FROM offer AS old WHERE old.code = $14 AND old.product_id = product.id AND old.withdrawn_at IS NULL)
    FROM product, plan WHERE product.id = $3
    ON CONFLICT (code) DO NOTHING
    RETURNING id
), priced AS (
    INSERT INTO offer_usage_price (offer_id, meter, mode, package_size)
    SELECT made.id, price.meter, price.mode, price.package_size
    FROM made, plan, jsonb_to_recordset(document->'usage') AS price (meter text, mode text, package_size numeric)
), tiered AS (
    INSERT INTO offer_usage_tier (offer_id, meter, above, unit_price, flat_minor)
    SELECT made.id, price->>'meter', tier.above, tier.unit_price, COALESCE(tier.flat_minor, 0)
    FROM made, plan, jsonb_array_elements(document->'usage') AS stated (price),
        jsonb_to_recordset(price->'tiers') AS tier (above numeric, unit_price numeric, flat_minor bigint)
), granted AS (
    INSERT INTO offer_quota (offer_id, meter, trial, quantity, period, hard, carry_over)
    SELECT made.id, quota.meter, COALESCE(quota.trial, false), quota.quantity, quota.period, COALESCE(quota.hard, true),
        COALESCE(quota.carry_over, 0)
    FROM made, plan, jsonb_to_recordset(document->'quotas') AS quota (meter text, trial boolean, quantity numeric, period text,
        hard boolean, carry_over numeric)
), limited AS (
    INSERT INTO offer_place (offer_id, places)
    SELECT made.id, (document->>'places')::integer FROM made, plan WHERE document->>'places' IS NOT NULL
)
SELECT id FROM made;
