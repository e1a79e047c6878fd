-- An entitlement can end before the period it was granted for: by a cancellation at a day to come, or by an end at once.
ALTER TABLE entitlement ADD COLUMN ended_at timestamptz CONSTRAINT entitlement_ends_within_grant CHECK
    (ended_at <= upper(valid));
-- Who suspended it and why; both sides are told.
ALTER TABLE entitlement ADD COLUMN suspended_by uuid REFERENCES party;
ALTER TABLE entitlement ADD COLUMN suspension_reason text CONSTRAINT entitlement_suspension_reason_not_blank CHECK
    (btrim(suspension_reason) <> '');
ALTER TABLE entitlement ADD CONSTRAINT entitlement_suspension_is_whole CHECK
    ((suspended_at IS NULL) = (suspension_reason IS NULL) AND (suspended_by IS NULL OR suspended_at IS NOT NULL));

-- A request has a chain too: of those who answer for the links on the day it was made.
CREATE OR REPLACE FUNCTION purchase_chain(enterprise uuid, purchase uuid, as_of timestamptz, recorded_by timestamptz)
RETURNS TABLE (document json) LANGUAGE sql STABLE BEGIN ATOMIC
    WITH bought AS (
        SELECT bought.id, bought.enterprise_id, bought.product_id, bought.revision, bought.accepted_at, bought.purpose,
            product.code AS product, offer.code AS offer,
            COALESCE(purchase_chain.as_of, bought.accepted_at, bought.requested_at) AS as_of,
            entitlement.valid AS entitled, entitlement.id AS entitlement_id, command.digest
        FROM purchase AS bought
        LEFT JOIN entitlement ON entitlement.enterprise_id = bought.enterprise_id AND entitlement.purchase_id = bought.id
        JOIN product ON product.id = bought.product_id
        JOIN offer ON offer.id = bought.offer_id
        LEFT JOIN command_key AS command
            ON command.enterprise_id = bought.enterprise_id AND command.purchase_id = bought.id
            AND command.correction_id IS NULL
        WHERE bought.enterprise_id = enterprise AND bought.id = purchase_chain.purchase
    ), answered AS (
        SELECT demanded.place, demanded.link, demanded.roles, demanded.required_for, demanded.subject_id,
            demanded.subject || CASE demanded.link
                WHEN 'listing' THEN jsonb_build_object('offer', bought.offer)
                WHEN 'delivery' THEN jsonb_build_object('entitlement', bought.entitlement_id)
                ELSE '{}' END AS subject,
            held.role, held.party_id, held.valid, held.basis, held.basis_sha256, bought.as_of
        FROM bought
        CROSS JOIN LATERAL demanded_links(bought.product_id, bought.revision) AS demanded
        LEFT JOIN LATERAL responsibility_in(demanded.subject_id, demanded.roles, bought.as_of, recorded_by) AS held
            ON true
        UNION ALL
        -- Whoever uses answers by the purchase itself, while the entitlement lasts; its basis is the buyer's request.
        SELECT link.position, link.name, link.roles, link.required_for, bought.id,
            jsonb_build_object('purchase', bought.id, 'purpose', bought.purpose), 'user',
            CASE WHEN bought.entitled @> bought.as_of THEN bought.enterprise_id END, bought.entitled,
            'purchase ' || bought.id || ' of offer ' || bought.offer, bought.digest, bought.as_of
        FROM bought JOIN chain_link AS link ON link.subject_kind = 'purchase'
    )
    SELECT json_build_object('purchase', bought.id, 'product', bought.product, 'revision', bought.revision,
        'accepted_at', bought.accepted_at, 'as_of', bought.as_of, 'recorded_by', recorded_by,
        'links', (
            SELECT json_agg(shown.document ORDER BY answered.place, answered.subject->>'directory_entry')
            FROM answered, LATERAL link_document(answered.link, answered.roles, answered.required_for, answered.subject,
                answered.subject_id, answered.role, answered.party_id, answered.valid, answered.basis,
                answered.basis_sha256, answered.as_of, recorded_by) AS shown))
    FROM bought;
END;
