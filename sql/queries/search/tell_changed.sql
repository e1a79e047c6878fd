-- Tells every server that what the search finds changed. $1 channel
SELECT pg_notify($1, '');
