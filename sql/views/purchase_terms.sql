-- What an enterprise accepted with a purchase, as it was when it accepted: parties, price plan, conditions, directory entry
-- versions with their digests, responsible parties as of the acceptance as far as they were known when it was recorded.
-- Decimal quantities and unit prices are texts; amounts are whole minor units. No row: no agreement was concluded.
-- A table, so that a statement that asks for many plans and prepares it once. The purchase and its entitlement are looked up by
-- their keys, however few there were when this was planned.
CREATE OR REPLACE FUNCTION purchase_terms(enterprise uuid, purchase uuid) RETURNS TABLE (document jsonb)
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('purchase', bought.id, 'requested_at', bought.requested_at, 'accepted_at', bought.accepted_at,
        'recorded_at', bought.recorded_at,
        'buyer', (SELECT document FROM party_then(bought.enterprise_id, bought.accepted_at, bought.recorded_at)),
        'seller', (SELECT called.document FROM responsibility_in(bought.product_id, ARRAY['seller'], bought.accepted_at,
            bought.recorded_at) AS seller, party_then(seller.party_id, bought.accepted_at, bought.recorded_at) AS called),
        'purpose', bought.purpose, 'scope', bought.scope, 'place', bought.place,
        'retention_days', bought.retention_days, 'qualifications', bought.qualifications,
        'since', lower(bought.valid), 'until', upper(bought.valid),
        'price', jsonb_build_object('minor_units', bought.price_minor, 'currency', bought.currency,
            'vat_rate', offer.vat_rate::text),
        'product', jsonb_build_object('code', product.code, 'title_zh', product.title_zh, 'title_en', product.title_en,
            'kind', product.kind, 'use_class', product.use_class, 'revision', revision.number,
            'published_at', revision.published_at, 'file_name', revision.file_name, 'media_type', revision.media_type,
            'sha256', encode(revision.sha256, 'hex'), 'rows', revision.rows, 'columns', revision.columns),
        'offer', jsonb_build_object('code', offer.code, 'title_zh', offer.title_zh, 'title_en', offer.title_en,
            'kind', offer.kind, 'price_minor', offer.price_minor, 'currency', offer.currency, 'term_days', offer.term_days,
            'billing_period', offer.billing_period, 'minimum_minor', offer.minimum_minor,
            'maximum_minor', offer.maximum_minor, 'trial_days', offer.trial_days, 'approval', offer.approval,
            'offered_at', offer.offered_at, 'usage_prices', prices.documents, 'quotas', quotas.documents),
        'conditions', conditions.documents, 'directory_entries', entries.documents,
        'responsibility', (SELECT chain.document::jsonb->'links' FROM purchase_chain(bought.enterprise_id, bought.id, NULL,
            bought.recorded_at) AS chain))
    FROM (SELECT bought.*, entitlement.valid FROM purchase AS bought
        JOIN entitlement ON entitlement.enterprise_id = bought.enterprise_id AND entitlement.purchase_id = bought.id
        WHERE bought.enterprise_id = purchase_terms.enterprise AND bought.id = purchase_terms.purchase
            AND bought.accepted_at IS NOT NULL
        OFFSET 0) AS bought
    JOIN product ON product.id = bought.product_id
    JOIN product_revision AS revision ON revision.product_id = bought.product_id AND revision.number = bought.revision
    JOIN offer ON offer.id = bought.offer_id
    CROSS JOIN LATERAL (
        SELECT COALESCE(jsonb_agg(jsonb_build_object('meter', priced.meter, 'mode', priced.mode,
            'package_size', priced.package_size::text, 'tiers', (
                SELECT jsonb_agg(jsonb_build_object('above', tier.above::text, 'unit_price', tier.unit_price::text,
                    'flat_minor', tier.flat_minor) ORDER BY tier.above)
                FROM offer_usage_tier AS tier WHERE tier.offer_id = priced.offer_id AND tier.meter = priced.meter))
            ORDER BY priced.meter), '[]') AS documents
        FROM offer_usage_price AS priced WHERE priced.offer_id = offer.id) AS prices
    CROSS JOIN LATERAL (
        SELECT COALESCE(jsonb_agg(jsonb_build_object('meter', quota.meter, 'trial', quota.trial,
            'quantity', quota.quantity::text, 'period', quota.period, 'hard', quota.hard,
            'carry_over', quota.carry_over::text) ORDER BY quota.meter, quota.trial), '[]') AS documents
        FROM offer_quota AS quota WHERE quota.offer_id = offer.id) AS quotas
    CROSS JOIN LATERAL (
        SELECT jsonb_agg(jsonb_build_object('kind', stated.kind, 'value', stated.value, 'basis', stated.basis)
            ORDER BY stated.position, stated.kind) AS documents
        FROM (SELECT 'purpose' AS kind, to_jsonb(offer.purposes) AS value, NULL AS basis, 0 AS position
              WHERE NOT EXISTS (SELECT FROM offer_condition WHERE offer_id = offer.id AND kind = 'purpose')
              UNION ALL
              SELECT given.kind, COALESCE(given.value, CASE given.kind WHEN 'purpose' THEN to_jsonb(offer.purposes)
                  WHEN 'fee' THEN '"guided"' END), given.basis, given.position
              FROM offer_condition AS given WHERE given.offer_id = offer.id) AS stated) AS conditions
    CROSS JOIN LATERAL (
        SELECT jsonb_agg(jsonb_build_object('code', entry.code, 'version', version.number, 'title', version.title,
            'sha256', encode(version.digest, 'hex'), 'basis', used.basis, 'conditions', COALESCE((
                SELECT jsonb_agg(jsonb_build_object('kind', stated.kind, 'value', stated.value, 'basis', stated.basis)
                    ORDER BY stated.kind, stated.value)
                FROM entry_condition AS stated
                WHERE stated.entry_id = used.entry_id AND stated.entry_version = used.entry_version), '[]'))
            ORDER BY entry.code) AS documents
        FROM product_revision_source AS used
        JOIN directory_entry AS entry ON entry.id = used.entry_id
        JOIN directory_entry_version AS version
            ON version.entry_id = used.entry_id AND version.number = used.entry_version
        WHERE used.product_id = bought.product_id AND used.number = bought.revision) AS entries
$$;
