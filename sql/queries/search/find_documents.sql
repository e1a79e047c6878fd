-- What a search finds, as in search_found. $1 words that must occur, $2 words that rank, $3 code or null, $4 filters as JSON,
-- $5 key to start after as JSON or null, $6 rows, $7 values of each facet
SELECT total, few, facet_names, facet_values, facet_counts, kinds, ids, keys
FROM search_found($1, $2, $3, $4::jsonb, $5::jsonb, $6, $7);
