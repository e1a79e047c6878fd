-- Takes a month out of the database; false: it holds another number of rows than were archived. $1 first day, $2 rows
SELECT drop_usage_month($1::date, $2);
