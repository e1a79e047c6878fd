-- Why an offer cannot be accepted; no row: the enterprise may not see such an offer, or its product is not listed yet.
-- Whether it is `automatic` tells which statement takes it. $1 enterprise, $2 offer code, $3 now
SELECT offer.withdrawn_at IS NOT NULL OR COALESCE(offer.offered_until <= $3, false) AS withdrawn,
    product.delisted_at IS NOT NULL AS delisted, offer.approval = 'automatic' AS automatic,
    EXISTS (SELECT FROM offer_place WHERE offer_place.offer_id = offer.id AND taken >= places) AS sold_out,
    (SELECT reason_en FROM product_suspension
     WHERE product_suspension.product_id = offer.product_id AND lifted_at IS NULL
     ORDER BY suspended_at LIMIT 1) AS suspended_for,
    (SELECT string_agg(kind, ', ' ORDER BY kind) FROM condition_flag
     WHERE condition_flag.offer_id = offer.id AND decision IS DISTINCT FROM 'accepted') AS flagged,
    (SELECT string_agg(credential_kind.title_en || COALESCE(' (ended on ' || ended.day || ')', ''), ', ' ORDER BY need.kind)
     FROM offer_need AS need JOIN credential_kind USING (kind)
     CROSS JOIN LATERAL (SELECT max(upper(valid)) - 1 AS day FROM credential
        WHERE credential.product_id = need.product_id AND credential.kind = need.kind
            AND upper(valid) <= legal_day($3)) AS ended
     WHERE need.offer_id = offer.id AND NOT EXISTS (
        SELECT FROM credential WHERE credential.product_id = need.product_id AND credential.kind = need.kind
            AND credential.state = 'in_force' AND credential.valid @> legal_day($3))) AS lacking,
    (SELECT string_agg(DISTINCT entry.code || ' (' || source.provider_code || ')', ', ')
     FROM obtained_source(offer.product_id, $3) AS source JOIN directory_entry AS entry ON entry.id = source.entry_id
     WHERE source.until IS NULL) AS unconsented
FROM offer JOIN product ON product.id = offer.product_id
WHERE offer.code = $2 AND product.listed_at IS NOT NULL AND (offer.reserved_for IS NULL OR offer.reserved_for = $1);
