-- Ties a revision to the versions, in force now, of the directory entries with the given titles; answers how many.
-- $1 product, $2 number, $3 titles, $4 basis
INSERT INTO product_revision_source (product_id, number, entry_id, entry_version, basis)
SELECT $1, $2, entry_id, version.number, $4
FROM directory_entry_version AS version JOIN entry_in_force USING (entry_id, number)
WHERE version.title = ANY($3::text[])
ON CONFLICT DO NOTHING;
