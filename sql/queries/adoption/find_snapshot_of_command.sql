-- The snapshot that a command made, and the SHA-256 of that command; no row: the key is new. $1 party, $2 key
SELECT document, command_digest FROM adoption_snapshot WHERE made_by = $1 AND key = $2;
