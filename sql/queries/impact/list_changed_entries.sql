-- The entries of a source that a product is made of and that were changed or withdrawn at a moment. $1 source, $2 moment
SELECT DISTINCT used.entry_id
FROM product_revision_source AS used
JOIN directory_entry AS entry ON entry.id = used.entry_id
JOIN directory_entry_validity AS validity ON validity.entry_id = used.entry_id
WHERE entry.source_id = $1
    AND (lower(validity.recorded) = $2::timestamptz OR upper(validity.recorded) = $2::timestamptz);
