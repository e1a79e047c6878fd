-- Makes the totals of a source of the directory from its entries. Those that it had are deleted before. $1 source
INSERT INTO directory_total (source_id, dimension, class, required, optional, updated_on, update_days, since_on,
    until_on, known_on, known_until_on, follows, is_followed, entries)
SELECT source_id, dimension, class, required, optional, updated_on, update_days, since_on, until_on, known_on,
    known_until_on, follows, is_followed, count(*)
FROM version_fact WHERE source_id = $1 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13;
