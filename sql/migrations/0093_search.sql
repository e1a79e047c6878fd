-- One search over directory entries, products and scenarios. Everything here but the synonyms is derived from them and
-- can be made anew.
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;

-- Words as the program prepares them: lower case, no accents, Chinese in simplified characters and, as PostgreSQL cannot
-- divide it into words, in pairs of characters. Only English is stemmed.
CREATE TEXT SEARCH CONFIGURATION market (PARSER = default);
ALTER TEXT SEARCH CONFIGURATION market ADD MAPPING FOR asciiword WITH english_stem;
ALTER TEXT SEARCH CONFIGURATION market ADD MAPPING FOR word, numword, int, uint, float, sfloat, version WITH simple;

CREATE TABLE search_facet (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    facet text NOT NULL,
    value text NOT NULL,
    CONSTRAINT search_facet_value_unique UNIQUE (facet, value)
);

-- What suggestions and corrections are made of: words and phrases of titles, keywords and names, each with the number of
-- documents that hold it.
CREATE TABLE search_phrase (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    folded text NOT NULL CONSTRAINT search_phrase_folded_unique UNIQUE,
    phrase text NOT NULL,
    is_word boolean NOT NULL,
    documents integer NOT NULL
);
CREATE INDEX search_phrase_beginnings ON search_phrase (folded text_pattern_ops, documents DESC);
CREATE INDEX search_phrase_trigrams ON search_phrase USING gin (folded gin_trgm_ops) WHERE is_word;

CREATE TABLE search_document (
    subject_id uuid PRIMARY KEY,
    kind text NOT NULL CONSTRAINT search_document_kind_known CHECK (kind IN ('entry', 'product', 'scenario')),
    code text NOT NULL,
    version integer NOT NULL,
    -- SHA-256 of everything that the row is made of.
    digest bytea NOT NULL,
    -- How complete the description is, 0 to 1, and how new: a year counts as a twentieth. It does not age.
    quality real NOT NULL,
    title_words smallint NOT NULL,
    -- When an offer runs out, so that the document is made anew.
    stale_at timestamptz,
    facets integer[] NOT NULL,
    -- The words of title (A), keywords (B) and names (C): what ranks.
    head tsvector NOT NULL,
    phrases integer[] NOT NULL,
    -- The head with the description (D): what is found.
    terms tsvector NOT NULL
) WITH (toast_tuple_target = 128);
-- A search reads the rows it finds, but never their long columns.
ALTER TABLE search_document ALTER COLUMN head SET STORAGE MAIN, ALTER COLUMN facets SET STORAGE PLAIN,
    ALTER COLUMN terms SET STORAGE EXTERNAL, ALTER COLUMN phrases SET STORAGE EXTERNAL;
CREATE INDEX search_document_terms ON search_document USING gin (terms);
CREATE INDEX search_document_facets ON search_document USING gin (facets);
CREATE INDEX search_document_by_code ON search_document (code);
CREATE INDEX search_document_best ON search_document (quality DESC, code);
CREATE INDEX search_document_stale ON search_document (stale_at) WHERE stale_at IS NOT NULL;

-- What changed, written by whatever changes it and in its transaction. A source stands for those of its entries whose
-- version changed, a party for everything that it answers for. The same may be named twice.
CREATE TABLE search_pending (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL CONSTRAINT search_pending_kind_known CHECK (kind IN ('subject', 'source', 'party')),
    subject_id uuid NOT NULL
);

-- Words that mean the same, as the administration states them.
CREATE TABLE search_synonym (
    word text PRIMARY KEY CONSTRAINT search_synonym_word_length CHECK (length(word) BETWEEN 1 AND 60),
    synonyms text[] NOT NULL CONSTRAINT search_synonym_has_some CHECK (cardinality(synonyms) BETWEEN 1 AND 30),
    -- Word and synonyms as a search compares them.
    folded text[] NOT NULL,
    changed_by uuid NOT NULL REFERENCES party,
    changed_at timestamptz NOT NULL
);
CREATE INDEX search_synonym_folded ON search_synonym USING gin (folded);

INSERT INTO search_pending (kind, subject_id) SELECT 'source', id FROM directory_source;
INSERT INTO search_pending (kind, subject_id) SELECT 'subject', id FROM product WHERE listed_at IS NOT NULL;
INSERT INTO search_pending (kind, subject_id) SELECT 'subject', id FROM scenario;
