-- Notes that the totals of a source were made, and how long that took since the transaction began. $1 source
INSERT INTO directory_count (source_id, counted_at, took) VALUES ($1, clock_timestamp(), clock_timestamp() - now())
ON CONFLICT (source_id) DO UPDATE SET counted_at = excluded.counted_at, took = excluded.took;
