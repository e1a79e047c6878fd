-- Content by hash: sha256 and bytes. $1 sha256 to start after, in hexadecimal, $2 limit
SELECT sha256, bytes FROM content WHERE sha256 > decode($1, 'hex') ORDER BY sha256 LIMIT $2;
