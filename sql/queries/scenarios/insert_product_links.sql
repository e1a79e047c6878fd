-- Links a scenario to products by their codes, and notes since when. $1 scenario, $2 product codes, $3 notes, as many as codes, $4 now
WITH linked AS (
    INSERT INTO scenario_product (scenario_id, product_id, note)
    SELECT $1, product.id, NULLIF(named.note, '')
    FROM unnest($2::text[], $3::text[]) AS named(code, note) JOIN product ON product.code = named.code
    RETURNING scenario_id, product_id
)
INSERT INTO scenario_link (scenario_id, product_id, code, domain, since)
SELECT linked.scenario_id, linked.product_id, scenario.code, scenario.domain, $4
FROM linked JOIN scenario ON scenario.id = linked.scenario_id
-- It was taken away a moment ago, for the new document.
ON CONFLICT (product_id, scenario_id, since) DO UPDATE SET until = NULL;
