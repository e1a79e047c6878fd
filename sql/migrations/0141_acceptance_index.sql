-- Before a market's first statistics were taken, the checks of foreign keys to a purchase were planned with the index by
-- acceptance, which reads every purchase of the enterprise. A partial index cannot serve them.
DROP INDEX purchase_by_acceptance;
CREATE INDEX purchase_by_acceptance ON purchase (enterprise_id, accepted_at) WHERE accepted_at IS NOT NULL;
