-- Synonyms by word, in the order of their bytes: key (in hexadecimal, since words hold blanks) and JSON per row.
-- $1 key to start after or null, $2 limit
SELECT encode(convert_to(word, 'UTF8'), 'hex'), json_build_object('word', word, 'synonyms', synonyms,
    'changed_at', changed_at, 'changed_by', (SELECT document FROM party_summary WHERE id = changed_by))::text
FROM search_synonym
WHERE $1::text IS NULL OR encode(convert_to(word, 'UTF8'), 'hex') > $1 COLLATE "C"
ORDER BY word COLLATE "C" LIMIT $2;
