-- Codes of entries in force at a time, as far as it was known at another, in order.
-- $1 source code or null, $2 code to start after, $3 as of, $4 recorded by, $5 limit
SELECT entry.code
FROM directory_entry AS entry
WHERE entry.code > $2
    AND ($1::text IS NULL OR entry.source_id = (SELECT id FROM directory_source WHERE code = $1))
    -- A scalar and no join: the planner takes what was in force for few rows, and would read them all for each page.
    AND (SELECT true FROM directory_entry_validity AS validity
        WHERE validity.entry_id = entry.id AND validity.valid @> $3::timestamptz AND validity.recorded @> $4::timestamptz)
ORDER BY entry.code LIMIT $5;
