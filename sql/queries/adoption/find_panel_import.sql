-- What an import of a panel answered, and the SHA-256 of that command; no row: the key is new. $1 party, $2 key
SELECT answer::text, command_digest FROM panel_import WHERE party_id = $1 AND key = $2;
