-- The entries that a release changed. $1 release
SELECT entry_id FROM directory_draft WHERE release_id = $1 ORDER BY entry_id;
