-- Sorts what was written into the indexes: every search reads through what lies there unsorted, up to 4 MB of it.
SELECT gin_clean_pending_list('search_document_terms')
    + gin_clean_pending_list('search_phrase_trigrams');
