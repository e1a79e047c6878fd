-- Takes away the links of a scenario to products, before its new document's are made. $1 scenario
DELETE FROM scenario_product WHERE scenario_id = $1;
