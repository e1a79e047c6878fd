-- What is known of what a person typed, as JSON: {synonyms: {folded: [word]}, corrections: {word: word}, empty: [word]};
-- empty words, such as "the", say nothing. $1 runs of words as a search compares them, $2 single words
WITH known AS (
    SELECT run.folded, array_agg(DISTINCT member) AS words
    FROM unnest($1::text[]) AS run (folded)
    JOIN search_synonym AS synonym ON synonym.folded @> ARRAY[run.folded]
    CROSS JOIN LATERAL unnest(synonym.folded) AS member
    GROUP BY run.folded
), strange AS MATERIALIZED (
    SELECT word FROM unnest($2::text[]) AS typed (word)
    WHERE length(word) >= 4 AND to_tsvector('market', word) <> ''
        AND NOT EXISTS (SELECT FROM search_phrase WHERE folded = word AND documents > 0)
        AND NOT EXISTS (SELECT FROM search_document WHERE terms @@ plainto_tsquery('market', word))
), corrected AS (
    SELECT word, (
        SELECT near.folded FROM (
            -- The trigrams find, the distance decides.
            SELECT folded, documents FROM search_phrase
            WHERE is_word AND documents > 0 AND folded % word ORDER BY similarity(folded, word) DESC LIMIT 20) AS near
        WHERE levenshtein_less_equal(near.folded, word, 2) <= CASE WHEN length(word) < 6 THEN 1 ELSE 2 END
        ORDER BY levenshtein_less_equal(near.folded, word, 2), near.documents DESC, near.folded LIMIT 1) AS folded
    FROM strange WHERE octet_length(word) < 200
)
SELECT json_build_object(
    'synonyms', COALESCE((SELECT json_object_agg(folded, words) FROM known), '{}'),
    'corrections', COALESCE((SELECT json_object_agg(word, folded) FROM corrected WHERE folded IS NOT NULL), '{}'),
    'empty', COALESCE((SELECT json_agg(word) FROM unnest($2::text[]) AS typed (word)
        WHERE to_tsvector('market', word) = ''), '[]'))::text;
