-- The version of each directory entry that is in force as we know it now; withdrawn entries have no row.
CREATE OR REPLACE VIEW entry_in_force AS
SELECT entry_id, number, lower(valid) AS since
FROM directory_entry_validity
WHERE upper_inf(valid) AND upper_inf(recorded);
