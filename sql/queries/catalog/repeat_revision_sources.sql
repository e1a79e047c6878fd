-- Ties a revision to the entries of the one before, in the versions in force now, else in those of then; answers how many.
-- $1 product, $2 number
INSERT INTO product_revision_source (product_id, number, entry_id, entry_version, basis)
SELECT before.product_id, $2, before.entry_id, COALESCE(in_force.number, before.entry_version), before.basis
FROM product_revision_source AS before
LEFT JOIN entry_in_force AS in_force ON in_force.entry_id = before.entry_id
WHERE before.product_id = $1 AND before.number = (SELECT max(number) FROM product_revision
    WHERE product_id = $1 AND number < $2)
ON CONFLICT DO NOTHING;
