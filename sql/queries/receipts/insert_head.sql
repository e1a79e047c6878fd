-- Adds a head. $1 size, $2 root, $3 size of the one before, $4 its hash, $5 signed document, $6 now
INSERT INTO log_head (size, root, previous_size, previous, document, sha256, made_at)
VALUES ($1, $2, $3, $4, $5, sha256($5), $6);
