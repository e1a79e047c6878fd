-- Who decides on requests to buy a revision of a product by an offer at a moment: its operator and, where the offer says so,
-- the providers of the directory entries that the revision was made of. A party decides once, whatever it is.
CREATE OR REPLACE FUNCTION purchase_decider(offer uuid, product uuid, revision integer, moment timestamptz)
RETURNS TABLE (party_id uuid, role text) LANGUAGE sql STABLE AS $$
    SELECT held.party_id, min(held.role)
    FROM responsibility AS held
    WHERE held.valid @> purchase_decider.moment AND upper_inf(held.recorded)
        AND (held.role = 'operator' AND held.subject_id = purchase_decider.product
            OR held.role = 'provider' AND held.subject_id IN (
                SELECT used.entry_id FROM product_revision_source AS used
                WHERE used.product_id = purchase_decider.product AND used.number = purchase_decider.revision
                    AND (SELECT wanted.approval FROM offer AS wanted WHERE wanted.id = purchase_decider.offer)
                        = 'operator_and_provider'))
    GROUP BY held.party_id
$$;
