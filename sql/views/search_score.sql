-- How well the words rank a document, in whole numbers. What holds them in a short title says more than what mentions them.
CREATE OR REPLACE FUNCTION search_score(rank real, title_words smallint) RETURNS integer LANGUAGE sql IMMUTABLE
RETURN (rank * 1000 + CASE WHEN rank > 0 THEN 100 / (3 + title_words)::real ELSE 0 END)::integer;
