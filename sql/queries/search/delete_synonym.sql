-- Takes a word and its synonyms out. $1 word
DELETE FROM search_synonym WHERE word = $1;
