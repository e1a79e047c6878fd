-- Links a scenario to directory entries by their codes. $1 scenario, $2 entry codes
INSERT INTO scenario_entry (scenario_id, entry_id)
SELECT $1, id FROM directory_entry WHERE code = ANY($2::text[]);
