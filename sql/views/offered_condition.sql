-- Every condition of every offer that stands: its purposes and its price, and the others.
CREATE OR REPLACE VIEW offered_condition AS
SELECT offer.product_id, offer.id AS offer_id, part.kind, part.value, given.basis, COALESCE(given.position, 0) AS position
FROM offer
JOIN LATERAL (
    SELECT 'purpose' AS kind, to_jsonb(offer.purposes) AS value
    UNION ALL SELECT 'fee', COALESCE(
        (SELECT fee.value FROM offer_condition AS fee WHERE fee.offer_id = offer.id AND fee.kind = 'fee'), '"guided"')
    WHERE offer.kind <> 'free'
    UNION ALL SELECT other.kind, other.value FROM offer_condition AS other
    WHERE other.offer_id = offer.id AND other.kind NOT IN ('purpose', 'fee')) AS part ON true
LEFT JOIN offer_condition AS given ON given.offer_id = offer.id AND given.kind = part.kind
WHERE offer.withdrawn_at IS NULL;
