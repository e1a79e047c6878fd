-- Whether an offer has a trial, whether it is billed by period, and what a stated use would cost as JSON, line by line, by the
-- rating that invoices use; no row: the reader cannot accept such an offer now. 22003: an amount is too large.
-- $1 offer code, $2 enterprise or null, $3 now, $4 periods in order as JSON [{trial, usage}]
WITH rated AS MATERIALIZED (
    SELECT offer.id, period.number, COALESCE((period.stated->>'trial')::boolean, false) AS trial,
        priced.line, priced.kind, priced.meter, priced.quantity, priced.unit_price, priced.net_minor, priced.vat_minor,
        priced.title_zh, priced.title_en
    FROM offer JOIN product ON product.id = offer.product_id
    CROSS JOIN jsonb_array_elements($4::jsonb) WITH ORDINALITY AS period (stated, number)
    LEFT JOIN LATERAL rate_period(offer.id, COALESCE((period.stated->>'trial')::boolean, false), 1, period.stated->'usage')
        AS priced ON true
    WHERE offer.code = $1 AND offer.withdrawn_at IS NULL AND (offer.offered_until IS NULL OR offer.offered_until > $3)
        AND (offer.reserved_for IS NULL OR offer.reserved_for = $2)
        AND product.listed_at IS NOT NULL AND product.delisted_at IS NULL
), period AS (
    SELECT id, number, json_build_object('number', number, 'trial', trial, 'lines', COALESCE(json_agg(json_build_object(
            'line', line, 'kind', kind, 'meter', meter, 'title_zh', title_zh, 'title_en', title_en,
            'quantity', trim_scale(quantity), 'unit_price', trim_scale(unit_price), 'net_minor', net_minor,
            'vat_minor', vat_minor, 'gross_minor', net_minor + vat_minor) ORDER BY line) FILTER (WHERE line IS NOT NULL), '[]'),
        'net_minor', COALESCE(sum(net_minor), 0)::bigint, 'vat_minor', COALESCE(sum(vat_minor), 0)::bigint,
        'gross_minor', COALESCE(sum(net_minor + vat_minor), 0)::bigint) AS document,
        COALESCE(sum(net_minor), 0) AS net, COALESCE(sum(vat_minor), 0) AS vat
    FROM rated GROUP BY id, number, trial
)
SELECT offer.trial_days IS NOT NULL, offer.billing_period IS NOT NULL, json_build_object('offer', offer.code, 'currency', offer.currency, 'vat_rate', offer.vat_rate,
    'rating_version', rating_version(), 'billing_period', offer.billing_period,
    'periods', json_agg(period.document ORDER BY period.number), 'net_minor', sum(period.net)::bigint,
    'vat_minor', sum(period.vat)::bigint, 'gross_minor', sum(period.net + period.vat)::bigint,
    'unpriced', (SELECT COALESCE(json_agg(DISTINCT used.meter), '[]')
        FROM jsonb_path_query($4::jsonb, '$[*].usage') AS stated (usage), jsonb_object_keys(stated.usage) AS used (meter)
        WHERE NOT EXISTS (SELECT FROM offer_usage_price AS price WHERE price.offer_id = offer.id AND price.meter = used.meter)))::text
FROM period JOIN offer ON offer.id = period.id GROUP BY offer.id;
