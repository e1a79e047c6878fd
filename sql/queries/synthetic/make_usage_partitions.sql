-- Partitions of usage for the two years around a time. $1 time
SELECT make_usage_partitions(($1::timestamptz - interval '13 months')::date, 26);
