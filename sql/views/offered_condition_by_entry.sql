-- For every offer that stands and every directory entry version its product was made of: each condition that either of
-- them states, whether the offer's is added (stricter than the directory's, or absent there) and whether it is loosened
-- (weaker, or missing). What a directory says of fees is the highest that may be charged: a lower one is not weaker.
CREATE OR REPLACE VIEW offered_condition_by_entry AS
SELECT offer.product_id, offer.id AS offer_id, source.entry_id, source.entry_version, kind.kind,
    stated.value AS directory_value, stated.basis AS directory_basis, offered.value AS offered_value,
    NOT condition_within(kind.kind, stated.value, offered.value) AS added,
    kind.kind <> 'fee' AND NOT condition_within(kind.kind, offered.value, stated.value) AS loosened
FROM offer
JOIN newest_source AS source ON source.product_id = offer.product_id
JOIN LATERAL (
    SELECT kind FROM offered_condition WHERE offered_condition.offer_id = offer.id
    UNION SELECT kind FROM entry_condition
    WHERE entry_condition.entry_id = source.entry_id AND entry_condition.entry_version = source.entry_version
    ) AS kind ON true
LEFT JOIN offered_condition AS offered ON offered.offer_id = offer.id AND offered.kind = kind.kind
LEFT JOIN LATERAL (
    SELECT condition_together(entry_condition.kind, value) AS value, string_agg(basis, '; ') AS basis FROM entry_condition
    WHERE entry_condition.entry_id = source.entry_id AND entry_condition.entry_version = source.entry_version
        AND entry_condition.kind = kind.kind) AS stated ON true
WHERE offer.withdrawn_at IS NULL;
