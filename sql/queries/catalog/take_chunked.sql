-- Content that still lies in the database, in pieces, and how many bytes it has. $1 limit
SELECT content.sha256, content.bytes FROM content
WHERE EXISTS (SELECT FROM content_chunk WHERE content_chunk.sha256 = content.sha256) ORDER BY content.sha256 LIMIT $1;
