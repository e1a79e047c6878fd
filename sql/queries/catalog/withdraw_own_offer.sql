-- Withdraws an offer of a product that a party operates; no row: the party has no such offer, or it is withdrawn.
-- $1 code, $2 party, $3 now
WITH withdrawn AS (
    UPDATE offer SET withdrawn_at = $3
    WHERE code = $1 AND withdrawn_at IS NULL AND EXISTS (
        SELECT FROM responsibility
        WHERE responsibility.subject_id = offer.product_id AND responsibility.role = 'operator'
            AND responsibility.party_id = $2 AND upper_inf(responsibility.valid) AND upper_inf(responsibility.recorded))
    RETURNING product_id
)
INSERT INTO search_pending (kind, subject_id) SELECT 'subject', product_id FROM withdrawn;
