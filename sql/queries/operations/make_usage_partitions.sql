-- Makes the monthly partitions of usage from a month on; answers how many were new. $1 first month, $2 months
SELECT make_usage_partitions($1::date, $2);
