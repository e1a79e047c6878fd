-- Links a scenario to products by their codes. $1 scenario, $2 product codes, $3 notes, as many as codes
INSERT INTO scenario_product (scenario_id, product_id, note)
SELECT $1, product.id, NULLIF(named.note, '')
FROM unnest($2::text[], $3::text[]) AS named(code, note) JOIN product ON product.code = named.code;
