-- Whether a use is allowed now by an entitlement, and what is left, as JSON; no row: not the enterprise's.
-- $1 enterprise, $2 entitlement, $3 meter or null, $4 quantity or null, $5 purpose or null, $6 now
SELECT document FROM would_allow($1, $2, $3, $4, $5, $6);
