-- What is known of what a person typed, as in search_words. $1 runs of words as a search compares them, $2 single words
SELECT search_words($1, $2);
