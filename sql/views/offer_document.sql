-- Every offer as the market shows it: price without and with tax, price plan, quotas, trial, validity and places left.
CREATE OR REPLACE VIEW offer_document AS
SELECT offer.id, jsonb_strip_nulls(jsonb_build_object(
    'code', offer.code, 'title_zh', offer.title_zh, 'title_en', offer.title_en, 'kind', offer.kind,
    'price', jsonb_build_object('minor_units', offer.price_minor, 'currency', offer.currency),
    'price_with_tax', jsonb_build_object('minor_units', offer.price_minor + round(offer.price_minor * offer.vat_rate),
        'currency', offer.currency),
    'vat_rate', offer.vat_rate, 'billing_period', offer.billing_period,
    'minimum', CASE WHEN offer.minimum_minor IS NOT NULL THEN
        jsonb_build_object('minor_units', offer.minimum_minor, 'currency', offer.currency) END,
    'maximum', CASE WHEN offer.maximum_minor IS NOT NULL THEN
        jsonb_build_object('minor_units', offer.maximum_minor, 'currency', offer.currency) END,
    'usage', (SELECT jsonb_agg(jsonb_build_object('meter', price.meter, 'title_zh', meter.title_zh, 'title_en', meter.title_en,
            'mode', price.mode, 'package_size', trim_scale(price.package_size), 'tiers', (
                SELECT jsonb_agg(jsonb_build_object('above', trim_scale(tier.above), 'unit_price', trim_scale(tier.unit_price),
                    'flat_minor', tier.flat_minor, 'unit_price_with_tax', trim_scale(tier.unit_price * (1 + offer.vat_rate)))
                    ORDER BY tier.above)
                FROM offer_usage_tier AS tier WHERE tier.offer_id = price.offer_id AND tier.meter = price.meter))
            ORDER BY price.meter)
        FROM offer_usage_price AS price JOIN meter ON meter.code = price.meter WHERE price.offer_id = offer.id),
    'quotas', (SELECT jsonb_agg(jsonb_build_object('meter', quota.meter, 'title_zh', meter.title_zh, 'title_en', meter.title_en,
            'trial', quota.trial, 'quantity', trim_scale(quota.quantity), 'period', quota.period, 'hard', quota.hard,
            'carry_over', trim_scale(quota.carry_over)) ORDER BY quota.trial, quota.meter)
        FROM offer_quota AS quota JOIN meter ON meter.code = quota.meter WHERE quota.offer_id = offer.id),
    'trial_days', offer.trial_days, 'purposes', offer.purposes, 'term_days', offer.term_days, 'approval', offer.approval,
    'private', offer.reserved_for IS NOT NULL, 'offered_at', offer.offered_at, 'offered_until', offer.offered_until,
    'replaces', (SELECT old.code FROM offer AS old WHERE old.id = offer.replaces),
    'places', (SELECT jsonb_build_object('all', place.places, 'left', place.places - place.taken)
        FROM offer_place AS place WHERE place.offer_id = offer.id))) AS document
FROM offer;
