-- Phrases whose number of documents is not that of the documents that hold them.
SELECT count(*) FROM search_phrase
LEFT JOIN (
    SELECT held.id, count(*) AS n FROM search_document CROSS JOIN LATERAL unnest(phrases) AS held (id) GROUP BY held.id
) AS counted ON counted.id = search_phrase.id
WHERE documents <> COALESCE(n, 0);
