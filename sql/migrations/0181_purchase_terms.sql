-- It becomes a table, which statements that ask for many prepare once.
DROP FUNCTION IF EXISTS purchase_terms(uuid, uuid);
