-- Makes whoever else bills these enterprises wait until the transaction ends; in one order, so that none waits in a ring.
-- $1 enterprise_ids
SELECT count(pg_advisory_xact_lock(hashtextextended('billing ' || enterprise.id, 0)))
FROM (SELECT id FROM unnest($1::uuid[]) AS id ORDER BY id) AS enterprise;
