-- The state of an entitlement of an enterprise; no row: not its own. $1 enterprise, $2 entitlement, $3 now
SELECT entitlement.valid @> $3::timestamptz, entitlement.suspended_at IS NOT NULL
FROM entitlement WHERE entitlement.enterprise_id = $1 AND entitlement.id = $2;
