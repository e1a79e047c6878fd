-- Adds complete subtrees to the log. $1 levels, $2 positions, $3 hashes, $4 hashes left below, $5 hashes right below
INSERT INTO log_node (level, position, hash, left_hash, right_hash)
SELECT made.level, made.position, decode(made.hash, 'hex'), decode(made.left_hash, 'hex'), decode(made.right_hash, 'hex')
FROM unnest($1::smallint[], $2::bigint[], $3::text[], $4::text[], $5::text[])
    AS made (level, position, hash, left_hash, right_hash);
