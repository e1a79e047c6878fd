-- How much an entry touches, as JSON; no row: unknown entry. A declared statement across enterprises (it counts by
-- enterprise_id). $1 code, $2 now
SELECT json_build_object('entry', entry.code,
    'version_in_force', (SELECT number FROM entry_in_force WHERE entry_in_force.entry_id = entry.id),
    'products', (SELECT count(DISTINCT product_id) FROM product_revision_source WHERE entry_id = entry.id),
    'offers', (SELECT count(*) FROM offer WHERE withdrawn_at IS NULL AND product_id IN (
        SELECT product_id FROM product_revision_source WHERE entry_id = entry.id)),
    'purchases', bought.purchases, 'entitlements_in_force', bought.in_force, 'enterprises', bought.enterprises,
    'unpaid_invoices', bought.unpaid)::text
FROM directory_entry AS entry
CROSS JOIN LATERAL (
    SELECT count(*) AS purchases, count(*) FILTER (WHERE entitlement.valid @> $2::timestamptz) AS in_force,
        count(DISTINCT purchase.enterprise_id) AS enterprises,
        COALESCE(sum((SELECT count(*) FROM invoice WHERE invoice.enterprise_id = purchase.enterprise_id
            AND invoice.purchase_id = purchase.id AND invoice.state = 'issued')), 0) AS unpaid
    FROM product_revision_source AS used
    JOIN purchase ON purchase.product_id = used.product_id AND purchase.revision = used.number
    LEFT JOIN entitlement
        ON entitlement.enterprise_id = purchase.enterprise_id AND entitlement.purchase_id = purchase.id
    WHERE used.entry_id = entry.id
        AND (purchase.accepted_at IS NOT NULL OR purchase.state IN ('requested', 'returned', 'approved'))) AS bought
WHERE entry.code = $1;
