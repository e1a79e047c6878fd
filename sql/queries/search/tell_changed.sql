-- Tells every server that documents of the search changed. $1 channel
SELECT pg_notify($1, '');
