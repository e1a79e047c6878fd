-- Codes of entries in force at a time, as far as it was known at another, in order.
-- $1 source code or null, $2 code to start after, $3 as of, $4 recorded by, $5 limit
SELECT entry.code
FROM directory_entry AS entry
JOIN directory_source AS source ON source.id = entry.source_id
JOIN directory_entry_validity AS validity
    ON validity.entry_id = entry.id AND validity.valid @> $3::timestamptz AND validity.recorded @> $4::timestamptz
WHERE entry.code > $2 AND ($1::text IS NULL OR source.code = $1)
ORDER BY entry.code LIMIT $5;
