-- What keeps an entitlement of an enterprise from being used: whether its purchase ended, whether it is in its period, whether
-- it is suspended, why its product's sources are gone or null; none of these: its quota is used up. No row: not its own.
-- $1 enterprise_id, $2 entitlement, $3 now
SELECT ended, in_period, suspended, withdrawn FROM withheld_entitlement($1, $2, $3);
