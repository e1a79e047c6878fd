-- What a search finds: total; all codes of an answer of fewer than ten; facets with values and counts; and, best first, kinds,
-- ids and keys of a page. A facet is counted over what the other facets let through.
-- $1 what must occur and $2 what ranks, as tsqueries before stemming, $3 code or null, $4 filters as JSON: [{facet, values}],
-- $5 rows, $6 values of each facet, $7 $8 $9 the key to start after or null: score, quality, code
WITH asked AS MATERIALIZED (
    -- Read once, not for each row.
    SELECT to_tsquery('market', $1) AS required, to_tsquery('market', $2) AS ranked
), filter AS MATERIALIZED (
    SELECT facet, ARRAY(SELECT id FROM search_facet AS known
        WHERE known.facet = stated.facet AND known.value = ANY(stated.values)) AS ids
    FROM jsonb_to_recordset($4::jsonb) AS stated (facet text, values text[])
), found AS MATERIALIZED (
    SELECT subject_id, kind, code, quality, facet_set,
        CASE WHEN code = $3 THEN 1000000 ELSE search_score(rank, title_words) END AS score
    FROM asked JOIN search_document ON terms @@ required OR code = $3
    CROSS JOIN LATERAL (SELECT ts_rank('{0.05, 0.3, 0.5, 1.0}', head, ranked) AS rank OFFSET 0) AS ranking
), alike AS MATERIALIZED (
    -- Many documents have the same facets.
    SELECT known.id, known.facets, n,
        CASE WHEN $4::text = '[]' THEN '{}'::text[]
            ELSE ARRAY(SELECT facet FROM filter WHERE NOT filter.ids && known.facets) END AS missed
    FROM (SELECT facet_set, count(*) AS n FROM found GROUP BY facet_set) AS sets
    CROSS JOIN LATERAL (SELECT id, facets FROM search_facet_set WHERE id = facet_set OFFSET 0) AS known
), tally AS MATERIALIZED (
    SELECT value.id, missed, sum(n) AS n
    FROM alike CROSS JOIN LATERAL unnest(facets) AS value (id) WHERE cardinality(missed) < 2
    GROUP BY value.id, missed
), counted AS (
    SELECT known.facet, known.value, sum(n)::bigint AS n, row_number() OVER (PARTITION BY known.facet
        ORDER BY EXISTS (SELECT FROM filter WHERE filter.facet = known.facet AND known.id = ANY(filter.ids)) DESC,
            sum(n) DESC, known.value) AS place
    FROM tally JOIN search_facet AS known ON known.id = tally.id AND (missed = '{}' OR missed = ARRAY[known.facet])
    GROUP BY known.facet, known.value, known.id
)
SELECT (SELECT COALESCE(sum(n), 0)::bigint FROM alike WHERE missed = '{}'),
    (SELECT CASE WHEN count(*) < 10 THEN COALESCE(array_agg(code), '{}') END FROM (
        SELECT code FROM found WHERE facet_set IN (SELECT id FROM alike WHERE missed = '{}') LIMIT 10) AS ten),
    facets.names, facets.values, facets.counts, page.kinds, page.ids, page.keys
FROM (SELECT COALESCE(array_agg(facet ORDER BY facet, place), '{}') AS names,
        COALESCE(array_agg(value ORDER BY facet, place), '{}') AS values,
        COALESCE(array_agg(n ORDER BY facet, place), '{}') AS counts
    FROM counted WHERE place <= $6) AS facets
CROSS JOIN (SELECT COALESCE(array_agg(kind ORDER BY score DESC, quality DESC, code), '{}') AS kinds,
        COALESCE(array_agg(subject_id ORDER BY score DESC, quality DESC, code), '{}') AS ids,
        COALESCE(array_agg(score || ' ' || quality::text || ' ' || code ORDER BY score DESC, quality DESC, code),
            '{}') AS keys
    FROM (SELECT kind, subject_id, score, quality, code FROM found
        WHERE facet_set IN (SELECT id FROM alike WHERE missed = '{}') AND ($9::text IS NULL
            OR (score, quality) < ($7::integer, $8::real)
            OR (score, quality) = ($7::integer, $8::real) AND code > $9)
        ORDER BY score DESC, quality DESC, code LIMIT $5) AS best) AS page;
