-- Meters, by code: key and JSON per row. $1 code to start behind or null, $2 limit
SELECT meter.code, meter_document(meter)::text FROM meter
WHERE $1::text IS NULL OR meter.code > $1 ORDER BY meter.code LIMIT $2;
