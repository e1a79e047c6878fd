-- Some rows of a revision of a listed product for anyone: number, columns as they stand in the table, rows as a JSON array of
-- arrays of texts (null: no table, or none made yet), and the columns whose values are not shown; no row: no such revision of
-- a listed product. $1 product code, $2 revision or null for the newest
SELECT revision.number, ARRAY(SELECT value->>'name' FROM jsonb_array_elements(profile.document->'columns') AS value),
    profile.document->'sample', personal_columns(product.id, revision.number)
FROM product
JOIN LATERAL (SELECT number FROM product_revision
              WHERE product_id = product.id AND ($2::integer IS NULL OR number = $2)
              ORDER BY number DESC LIMIT 1) AS revision ON true
LEFT JOIN product_revision_profile AS profile ON profile.product_id = product.id AND profile.number = revision.number
WHERE product.code = $1 AND product.listed_at IS NOT NULL AND product.delisted_at IS NULL;
