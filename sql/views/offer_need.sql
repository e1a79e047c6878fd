-- The kinds of credential that an offer needs to be bought.
CREATE OR REPLACE VIEW offer_need AS
SELECT offer.id AS offer_id, offer.product_id, credential_kind.kind
FROM offer JOIN credential_kind
    ON credential_kind.needed_for = 'all' OR (credential_kind.needed_for = 'priced' AND offer.kind <> 'free');
