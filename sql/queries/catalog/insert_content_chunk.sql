-- One chunk of content. $1 sha256, $2 number from 0, $3 bytes
INSERT INTO content_chunk (sha256, number, bytes) VALUES ($1, $2, $3);
