-- Whether the published document of a scenario is this one; no row: none is published. $1 code, $2 document
SELECT document = $2::jsonb FROM scenario WHERE code = $1;
