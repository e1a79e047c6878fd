-- Phrases that were never seen; a word that says nothing, such as "the", is none. $1 folded, $2 as written, $3 which are words
INSERT INTO search_phrase (folded, phrase, is_word, documents)
SELECT folded, phrase, is_word, 0 FROM unnest($1::text[], $2::text[], $3::boolean[]) AS stated (folded, phrase, is_word)
WHERE NOT EXISTS (SELECT FROM search_phrase AS known WHERE known.folded = stated.folded)
    AND to_tsvector('market', folded) <> ''
ON CONFLICT DO NOTHING;
