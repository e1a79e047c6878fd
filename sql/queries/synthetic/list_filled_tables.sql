-- The tables that hold rows. Statistics of an empty table would have cached plans read it whole when it has grown.
SELECT oid::regclass::text FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0;
