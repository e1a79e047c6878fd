-- Many documents have the same facets. Each such set is kept once, so that what a search finds is counted by set, and a filter
-- is looked at once for each set and not for each document. A set that no document has any more is in nobody's way.
CREATE TABLE search_facet_set (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    facets integer[] NOT NULL,
    CONSTRAINT search_facet_set_facets_unique UNIQUE (facets)
);

CREATE FUNCTION pg_temp.ordered(facets integer[]) RETURNS integer[] LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY(SELECT facet FROM unnest(facets) AS facet ORDER BY facet)
$$;
CREATE FUNCTION pg_temp.set_of(stated integer[]) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT id FROM search_facet_set WHERE facets = pg_temp.ordered(stated)
$$;
INSERT INTO search_facet_set (facets) SELECT DISTINCT pg_temp.ordered(facets) FROM search_document;

-- Nothing looks for documents by their facets alone.
DROP INDEX search_document_facets;
-- What every search reads stays in the row; with so low a limit for the words, codes had gone to the side table too.
ALTER TABLE search_document ALTER kind SET STORAGE PLAIN, ALTER code SET STORAGE PLAIN, ALTER digest SET STORAGE PLAIN;
ALTER TABLE search_document RENAME facets TO facet_set;
ALTER TABLE search_document ALTER facet_set TYPE integer USING pg_temp.set_of(facet_set),
    ADD CONSTRAINT search_document_facet_set_fkey FOREIGN KEY (facet_set) REFERENCES search_facet_set (id);

-- Sessions that search keep their plans, for which these were functions.
DROP FUNCTION IF EXISTS search_found(text, text, text, jsonb, jsonb, integer, integer);
DROP FUNCTION IF EXISTS search_words(text[], text[]);
