-- Facets of the listed products whose titles or code hold a text: total, and counts by kind and use class, as JSON.
-- $1 text or null
WITH found AS MATERIALIZED (
    SELECT kind, use_class FROM product
    WHERE listed_at IS NOT NULL AND delisted_at IS NULL
        AND ($1::text IS NULL OR title_zh || ' ' || title_en ILIKE '%' || $1 || '%' OR code = $1)
)
SELECT json_build_object('total', (SELECT count(*) FROM found), 'facets', json_build_object(
    'kind', COALESCE((SELECT json_object_agg(kind, n)
                      FROM (SELECT kind, count(*) AS n FROM found GROUP BY kind) AS kinds), '{}'::json),
    'use_class', COALESCE((SELECT json_object_agg(use_class, n)
                      FROM (SELECT use_class, count(*) AS n FROM found GROUP BY use_class) AS classes), '{}'::json)))::text;
