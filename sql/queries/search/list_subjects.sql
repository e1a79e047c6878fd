-- Everything that the index holds or should hold, by id. $1 id to start after or null, $2 limit
SELECT id FROM (
    (SELECT entry_id AS id FROM directory_entry_validity
        WHERE upper_inf(valid) AND upper_inf(recorded) AND ($1::uuid IS NULL OR entry_id > $1) ORDER BY entry_id LIMIT $2)
    UNION
    (SELECT id FROM product WHERE listed_at IS NOT NULL AND delisted_at IS NULL AND ($1::uuid IS NULL OR id > $1)
        ORDER BY id LIMIT $2)
    UNION
    (SELECT id FROM scenario WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2)
    UNION
    (SELECT subject_id FROM search_document WHERE $1::uuid IS NULL OR subject_id > $1 ORDER BY subject_id LIMIT $2)
) AS subject ORDER BY id LIMIT $2;
