-- Remembers that a revision cannot be read as a table. $1 product, $2 number, $3 reason as JSON, $4 now
INSERT INTO revision_without_table (product_id, number, reason, tried_at) VALUES ($1, $2, $3::jsonb, $4)
ON CONFLICT (product_id, number) DO NOTHING;
