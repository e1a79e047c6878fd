-- What a search finds: total; all codes of an answer of fewer than ten; facets with values and counts; and, best first, kinds,
-- ids and keys of a page. A facet is counted over what the other facets let through. `required` is what must occur and
-- `ranked` what ranks, as tsqueries before stemming; `filters` is [{facet, values}], `after` the key to start after or null:
-- [score, quality, code]; `most` values of each facet are answered.
-- A function for its plan, which is the same whatever is asked and takes longer to make than most answers.
CREATE OR REPLACE FUNCTION search_found(required text, ranked text, code text, filters jsonb, after jsonb, rows integer,
    most integer)
RETURNS TABLE (total bigint, few text[], facet_names text[], facet_values text[], facet_counts bigint[], kinds text[],
    ids uuid[], keys text[])
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH asked AS MATERIALIZED (
        -- Read once, not for each row.
        SELECT to_tsquery('market', search_found.required) AS required, to_tsquery('market', search_found.ranked) AS ranked
    ), filter AS MATERIALIZED (
        SELECT facet, ARRAY(SELECT id FROM search_facet AS known
            WHERE known.facet = stated.facet AND known.value = ANY(stated.values)) AS ids
        FROM jsonb_to_recordset(search_found.filters) AS stated (facet text, values text[])
    ), found AS MATERIALIZED (
        SELECT subject_id, kind, code, quality, facets,
            CASE WHEN code = search_found.code THEN 1000000 ELSE search_score(rank, title_words) END AS score,
            CASE WHEN search_found.filters = '[]' THEN '{}'::text[]
                ELSE ARRAY(SELECT facet FROM filter WHERE NOT filter.ids && facets) END AS missed
        FROM asked JOIN search_document ON terms @@ required OR code = search_found.code
        CROSS JOIN LATERAL (SELECT ts_rank('{0.05, 0.3, 0.5, 1.0}', head, ranked) AS rank OFFSET 0) AS ranking
    ), alike AS (
        -- Many documents have the same facets.
        SELECT facets, missed, count(*) AS n FROM found WHERE cardinality(missed) < 2 GROUP BY facets, missed
    ), tally AS MATERIALIZED (
        SELECT value.id, missed, sum(n) AS n
        FROM alike CROSS JOIN LATERAL unnest(facets) AS value (id) GROUP BY value.id, missed
    ), counted AS (
        SELECT known.facet, known.value, sum(n)::bigint AS n, row_number() OVER (PARTITION BY known.facet
            ORDER BY EXISTS (SELECT FROM filter WHERE filter.facet = known.facet AND known.id = ANY(filter.ids)) DESC,
                sum(n) DESC, known.value) AS place
        FROM tally JOIN search_facet AS known ON known.id = tally.id AND (missed = '{}' OR missed = ARRAY[known.facet])
        GROUP BY known.facet, known.value, known.id
    )
    SELECT (SELECT count(*) FROM found WHERE missed = '{}'),
        (SELECT CASE WHEN count(*) < 10 THEN COALESCE(array_agg(code), '{}') END
            FROM (SELECT code FROM found WHERE missed = '{}' LIMIT 10) AS ten),
        facets.names, facets.values, facets.counts, page.kinds, page.ids, page.keys
    FROM (SELECT COALESCE(array_agg(facet ORDER BY facet, place), '{}') AS names,
            COALESCE(array_agg(value ORDER BY facet, place), '{}') AS values,
            COALESCE(array_agg(n ORDER BY facet, place), '{}') AS counts
        FROM counted WHERE place <= search_found.most) AS facets
    CROSS JOIN (SELECT COALESCE(array_agg(kind ORDER BY score DESC, quality DESC, code), '{}') AS kinds,
            COALESCE(array_agg(subject_id ORDER BY score DESC, quality DESC, code), '{}') AS ids,
            COALESCE(array_agg(score || ' ' || quality::text || ' ' || code ORDER BY score DESC, quality DESC, code),
                '{}') AS keys
        FROM (SELECT kind, subject_id, score, quality, code FROM found
            WHERE missed = '{}' AND (search_found.after IS NULL
                OR (score, quality) < ((search_found.after->>0)::integer, (search_found.after->>1)::real)
                OR (score, quality) = ((search_found.after->>0)::integer, (search_found.after->>1)::real)
                    AND code > search_found.after->>2)
            ORDER BY score DESC, quality DESC, code LIMIT search_found.rows) AS best) AS page;
END
$$;
