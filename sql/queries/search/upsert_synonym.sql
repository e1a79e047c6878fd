-- States what means the same as a word. $1 word, $2 synonyms, $3 all of them folded, $4 administration, $5 now
INSERT INTO search_synonym (word, synonyms, folded, changed_by, changed_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (word) DO UPDATE SET synonyms = excluded.synonyms, folded = excluded.folded,
    changed_by = excluded.changed_by, changed_at = excluded.changed_at;
