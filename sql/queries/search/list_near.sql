-- What comes near to a search, best first: kind and id. Of more than five hundred only some are looked at, since such
-- words say little. $1 what must occur as a tsquery before stemming, $2 words that rank, $3 filters as JSON, $4 codes that
-- were found already, $5 rows
WITH asked AS MATERIALIZED (
    SELECT to_tsquery('market', $1) AS required, to_tsquery('market', $2) AS ranked
), filter AS MATERIALIZED (
    SELECT ARRAY(SELECT id FROM search_facet AS known
        WHERE known.facet = stated.facet AND known.value = ANY(stated.values)) AS ids
    FROM jsonb_to_recordset($3::jsonb) AS stated (facet text, values text[])
), near AS MATERIALIZED (
    SELECT kind, subject_id, code, quality, title_words, head FROM asked JOIN search_document ON terms @@ required
    WHERE code <> ALL($4::text[]) AND ($3 = '[]' OR NOT EXISTS (
        SELECT FROM filter WHERE NOT ids && (SELECT facets FROM search_facet_set WHERE id = facet_set)))
    LIMIT 500
)
SELECT kind, subject_id FROM asked CROSS JOIN near
ORDER BY search_score(ts_rank('{0.05, 0.3, 0.5, 1.0}', head, ranked), title_words) DESC, quality DESC, code LIMIT $5;
