-- Whether an enterprise had bought by a time, as was known by another, is told from the index alone.
DROP INDEX purchase_by_acceptance;
CREATE INDEX purchase_by_acceptance ON purchase (enterprise_id, accepted_at) INCLUDE (recorded_at) WHERE accepted_at IS NOT NULL;
