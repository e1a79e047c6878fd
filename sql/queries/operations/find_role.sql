-- Whether a role is a reader that was made here; no row: there is no such role. $1 name
SELECT COALESCE(shobj_description(oid, 'pg_authid') = 'reader of a data market', false) FROM pg_roles WHERE rolname = $1;
