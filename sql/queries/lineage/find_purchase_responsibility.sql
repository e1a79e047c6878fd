-- The whole chain of a purchase as JSON: for each link, the party that answered for it at a time, as far as it was known
-- at another. A link that nobody answered for stands there without a party. No row: not the enterprise's purchase.
-- $1 enterprise, $2 purchase, $3 as of (null: when it was accepted), $4 recorded by
WITH bought AS (
    SELECT purchase.id, purchase.enterprise_id, purchase.product_id, purchase.revision, purchase.accepted_at,
        purchase.purpose, product.code AS product, offer.code AS offer, COALESCE($3, purchase.accepted_at) AS as_of,
        entitlement.valid AS entitled, entitlement.id AS entitlement_id
    FROM purchase
    JOIN entitlement ON entitlement.enterprise_id = purchase.enterprise_id AND entitlement.purchase_id = purchase.id
    JOIN product ON product.id = purchase.product_id
    JOIN offer ON offer.id = purchase.offer_id
    WHERE purchase.enterprise_id = $1 AND purchase.id = $2
), demanded AS (
    SELECT link.position, link.name AS link, link.role, used.entry_id AS subject_id,
        json_build_object('directory_entry', entry.code, 'version', used.entry_version, 'title', version.title) AS subject
    FROM bought
    JOIN product_revision_source AS used ON used.product_id = bought.product_id AND used.number = bought.revision
    JOIN directory_entry AS entry ON entry.id = used.entry_id
    JOIN directory_entry_version AS version
        ON version.entry_id = used.entry_id AND version.number = used.entry_version,
    (VALUES (1, 'source', 'provider'), (2, 'publication', 'publisher')) AS link(position, name, role)
    UNION ALL
    SELECT link.position, link.name, link.role, bought.product_id,
        CASE link.name
            WHEN 'listing' THEN json_build_object('product', bought.product, 'offer', bought.offer)
            WHEN 'delivery' THEN json_build_object('product', bought.product, 'entitlement', bought.entitlement_id)
            ELSE json_build_object('product', bought.product, 'revision', bought.revision) END
    FROM bought, (VALUES (3, 'processing', 'operator'), (4, 'listing', 'seller'), (5, 'delivery', 'operator'))
        AS link(position, name, role)
), answered AS (
    SELECT demanded.position, demanded.link, demanded.role, demanded.subject, responsibility.party_id,
        lower(responsibility.valid) AS since, upper(responsibility.valid) AS until, responsibility.basis
    FROM demanded CROSS JOIN bought
    LEFT JOIN responsibility ON responsibility.subject_id = demanded.subject_id
        AND responsibility.role = demanded.role
        AND responsibility.valid @> bought.as_of AND responsibility.recorded @> $4::timestamptz
    UNION ALL
    SELECT 6, 'use', 'user', json_build_object('purchase', bought.id, 'purpose', bought.purpose),
        CASE WHEN bought.entitled @> bought.as_of THEN bought.enterprise_id END, lower(bought.entitled), upper(bought.entitled),
        'purchase ' || bought.id || ' of offer ' || bought.offer
    FROM bought
)
SELECT json_build_object('purchase', bought.id, 'product', bought.product, 'revision', bought.revision,
    'accepted_at', bought.accepted_at, 'as_of', bought.as_of, 'recorded_by', $4::timestamptz,
    'links', (SELECT json_agg(json_build_object('link', answered.link, 'role', answered.role,
            'subject', answered.subject, 'party', party_summary.document,
            'since', answered.since, 'until', answered.until, 'basis', answered.basis)
            ORDER BY answered.position, answered.subject::text)
        FROM answered LEFT JOIN party_summary ON party_summary.id = answered.party_id))::text
FROM bought;
