-- Snapshots in the order they were made, as they are kept: id, signed document and the hash beside it.
-- $1 id to start after or null, $2 limit
SELECT id, document, sha256 FROM adoption_snapshot WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2;
