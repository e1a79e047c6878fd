-- Facet values that were never seen. $1 facets, $2 values
INSERT INTO search_facet (facet, value)
SELECT facet, value FROM unnest($1::text[], $2::text[]) AS stated (facet, value)
WHERE NOT EXISTS (SELECT FROM search_facet AS known WHERE known.facet = stated.facet AND known.value = stated.value)
ON CONFLICT DO NOTHING;
