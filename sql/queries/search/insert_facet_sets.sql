-- Sets of facets that were never seen. $1 sets as JSON: [[[facet, value]]]
INSERT INTO search_facet_set (facets)
SELECT DISTINCT search_facet_ids(stated) FROM jsonb_array_elements($1::jsonb) AS sets (stated)
WHERE NOT EXISTS (SELECT FROM search_facet_set AS known WHERE known.facets = search_facet_ids(stated))
ON CONFLICT DO NOTHING;
