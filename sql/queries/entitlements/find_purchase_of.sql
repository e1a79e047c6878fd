-- The purchase behind an entitlement, by its id alone: a declared look-up across enterprises. No row: none such.
-- $1 entitlement
SELECT enterprise_id, purchase_id FROM entitlement WHERE id = $1;
