-- A new meter as JSON; no row: its code is taken. $1 code, $2 title zh, $3 title en, $4 unit, $5 product or null, $6 event type,
-- $7 aggregation, $8 value or null, $9 digits behind the point, $10 dimensions, $11 hours in which late events are taken,
-- $12 who makes it, $13 now
INSERT INTO meter (code, title_zh, title_en, unit, product_id, event_type, aggregation, value, scale, dimensions,
    accepted_for, made_by, made_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::integer, $10::text[], make_interval(hours => $11::integer), $12, $13)
ON CONFLICT (code) DO NOTHING
RETURNING meter_document(meter)::text;
