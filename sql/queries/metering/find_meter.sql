-- A meter: what is asked of its totals, and all of it as JSON; no row: unknown. Aggregation, dimensions, JSON. $1 code
SELECT aggregation, dimensions, meter_document(meter)::text FROM meter WHERE code = $1;
