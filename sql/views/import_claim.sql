-- The claims on sources that imports hold now, whichever server runs them, as the key of their advisory lock (claim_source).
CREATE OR REPLACE VIEW import_claim AS
SELECT classid::bigint << 32 | objid::bigint AS key
FROM pg_locks
WHERE locktype = 'advisory' AND objsubid = 1 AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database());
