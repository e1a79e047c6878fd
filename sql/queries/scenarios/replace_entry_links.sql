-- Takes away the links of a scenario to directory entries. $1 scenario
DELETE FROM scenario_entry WHERE scenario_id = $1;
