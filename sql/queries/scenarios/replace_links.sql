-- Takes away the links of a scenario to products, before its new document's are made. $1 scenario, $2 now
WITH gone AS (
    DELETE FROM scenario_product WHERE scenario_id = $1
)
UPDATE scenario_link SET until = $2 WHERE scenario_id = $1 AND until IS NULL;
