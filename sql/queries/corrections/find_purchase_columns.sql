-- The column names of the revision that a purchase is of; no row: not the enterprise's. $1 enterprise, $2 purchase
SELECT ARRAY(SELECT sold->>'name' FROM jsonb_array_elements(revision.columns) AS sold)::text[]
FROM purchase JOIN product_revision AS revision
    ON revision.product_id = purchase.product_id AND revision.number = purchase.revision
WHERE purchase.enterprise_id = $1 AND purchase.id = $2;
