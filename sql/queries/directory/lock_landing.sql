-- Holds the landing of catalogues until the transaction ends: two that overlap would each find the other's entries missing.
SELECT pg_advisory_xact_lock(95, 1);
