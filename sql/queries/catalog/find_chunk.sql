-- One piece of content that lies in the database; no row: past the end. $1 sha256, $2 number from 0
SELECT bytes FROM content_chunk WHERE sha256 = $1 AND number = $2;
