-- Partitions of usage for the months that a synthetic market is used in, and a year ahead. $1 time
SELECT make_usage_partitions(($1::timestamptz - interval '19 months')::date, 32);
