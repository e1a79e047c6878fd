-- Ties a revision to versions of directory entries by code; without a version to the one in force. Answers how many.
-- $1 product, $2 number, $3 codes, $4 versions (null: the one in force), $5 basis
INSERT INTO product_revision_source (product_id, number, entry_id, entry_version, basis)
SELECT $1, $2, version.entry_id, version.number, $5
FROM unnest($3::text[], $4::text[]) AS named(code, version)
JOIN directory_entry AS entry ON entry.code = named.code
JOIN directory_entry_version AS version ON version.entry_id = entry.id AND version.number = COALESCE(
    named.version::integer, (SELECT number FROM entry_in_force WHERE entry_in_force.entry_id = entry.id))
ON CONFLICT DO NOTHING;
