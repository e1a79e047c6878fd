-- Hashes of complete subtrees of the log, in the order in which they are asked for. $1 levels, $2 positions
SELECT node.hash
FROM unnest($1::smallint[], $2::bigint[]) WITH ORDINALITY AS asked (level, position, place)
JOIN log_node AS node ON node.level = asked.level AND node.position = asked.position
ORDER BY asked.place;
