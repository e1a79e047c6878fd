-- Documents as they are now, each with the word x0 by which all are found; the phrases of each are counted. A document that
-- is not among them is taken out.
-- $1 ids looked at, $2 documents as JSON: [{id, kind, code, version, digest, quality, title_words, stale_at, title, keywords,
-- names, description, facets: [[facet, value]], phrases: [folded]}]
WITH stated AS MATERIALIZED (
    SELECT id, kind, code, version, decode(digest, 'hex') AS digest, quality, title_words, stale_at,
        (SELECT known.id FROM search_facet_set AS known WHERE known.facets = search_facet_ids(stated.facets)) AS facet_set,
        ARRAY(SELECT known.id FROM jsonb_array_elements_text(phrases) AS stated
            JOIN search_phrase AS known ON known.folded = stated) AS phrases,
        setweight(to_tsvector('market', title), 'A') || setweight(to_tsvector('market', keywords), 'B')
            || setweight(to_tsvector('market', names), 'C') AS head,
        setweight(to_tsvector('market', description), 'D') AS rest
    FROM jsonb_to_recordset($2::jsonb) AS stated (id uuid, kind text, code text, version integer, digest text,
        quality real, title_words smallint, stale_at timestamptz, title text, keywords text, names text, description text, facets jsonb,
        phrases jsonb)
), before AS MATERIALIZED (
    SELECT subject_id, phrases FROM unnest($1::uuid[]) AS changed (id) JOIN search_document ON subject_id = changed.id
), counted AS (
    UPDATE search_phrase SET documents = documents + change.n
    FROM (SELECT phrase, sum(n) AS n FROM (
            SELECT unnest(phrases) AS phrase, 1 AS n FROM stated UNION ALL SELECT unnest(phrases), -1 FROM before) AS changes
        GROUP BY phrase HAVING sum(n) <> 0) AS change
    WHERE search_phrase.id = change.phrase
), removed AS (
    DELETE FROM search_document USING before
    WHERE search_document.subject_id = before.subject_id AND before.subject_id NOT IN (SELECT id FROM stated)
)
INSERT INTO search_document (subject_id, kind, code, version, digest, quality, title_words, stale_at, facet_set, head, phrases,
    terms)
SELECT id, kind, code, version, digest, quality, title_words, stale_at, facet_set, head, phrases,
    head || rest || 'x0'::tsvector
FROM stated
ON CONFLICT (subject_id) DO UPDATE SET kind = excluded.kind, code = excluded.code, version = excluded.version,
    digest = excluded.digest,
    quality = excluded.quality, title_words = excluded.title_words, stale_at = excluded.stale_at,
    facet_set = excluded.facet_set, head = excluded.head, phrases = excluded.phrases, terms = excluded.terms;
