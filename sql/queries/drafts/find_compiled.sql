-- The draft that a command's key compiled, and the digest of that command; no row: none. $1 party, $2 key
SELECT id, key_digest FROM directory_draft WHERE compiled_by = $1 AND key = $2;
