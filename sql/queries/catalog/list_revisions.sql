-- The newest revisions of a listed product as a JSON array, newest first, each with the columns that it gained and lost
-- against the one before, whether its content is another, and how its rows changed (null for the first).
-- $1 product code, $2 limit
WITH revision AS (
    SELECT product_revision.number, product_revision.rows, product_revision.sha256, product_revision.published_at,
        ARRAY(SELECT document->>'name' FROM jsonb_array_elements(product_revision.columns) AS document) AS names
    FROM product JOIN product_revision ON product_revision.product_id = product.id
    WHERE product.code = $1 AND product.listed_at IS NOT NULL AND product.delisted_at IS NULL
    ORDER BY product_revision.number DESC LIMIT $2 + 1
), compared AS (
    SELECT number, rows, sha256, published_at, names, row_number() OVER newest AS place,
        lead(rows) OVER newest AS rows_before, lead(sha256) OVER newest AS sha256_before,
        lead(names) OVER newest AS names_before
    FROM revision WINDOW newest AS (ORDER BY number DESC)
)
SELECT COALESCE(json_agg(json_build_object('number', number, 'published_at', published_at, 'rows', rows,
    'rows_changed', rows - rows_before, 'content_changed', sha256 <> sha256_before,
    'columns_added', COALESCE((SELECT json_agg(name) FROM unnest(names) AS name
        WHERE name <> ALL (names_before)), '[]'::json),
    'columns_removed', COALESCE((SELECT json_agg(name) FROM unnest(names_before) AS name
        WHERE name <> ALL (names)), '[]'::json)) ORDER BY number DESC), '[]'::json)::text
FROM compared WHERE place <= $2;
