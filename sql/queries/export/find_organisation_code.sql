-- The code of the party that a CKAN name or id of an organisation means; no row: none. $1 name or id
SELECT code FROM party
WHERE code = upper($1) OR id = CASE WHEN $1 ~ '^[0-9a-fA-F-]{36}$' THEN $1::uuid END;
