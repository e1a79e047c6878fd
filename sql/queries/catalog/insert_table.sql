-- A revision as a table. $1 product, $2 number, $3 schema, $4 rows, $5 changes or null, $6 notes, $7 has change data, $8 now
INSERT INTO revision_table (product_id, number, schema, rows, changes, notes, has_change_data, made_at)
VALUES ($1, $2, $3::jsonb, $4, $5::jsonb, $6::jsonb, $7, $8) ON CONFLICT (product_id, number) DO NOTHING;
