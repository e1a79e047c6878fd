-- Takes the names of usage events; answers the events whose names were taken before.
-- $1 enterprises, $2 names, $3 digests, $4 when they occurred, $5 usage event ids
SELECT late.id FROM take_usage_names($1, $2, $3, $4, $5) AS late (id);
