-- Removes the pieces of content that lies in a file now. $1 sha256
DELETE FROM content_chunk WHERE sha256 = $1;
