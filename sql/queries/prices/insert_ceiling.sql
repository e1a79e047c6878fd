-- A price ceiling. An exclusion violation: another one begins on or after its first day and before its end.
-- $1 id, $2 product, $3 unit, $4 ceiling in minor units, $5 currency, $6 approval, $7 authority, $8 first day, $9 last day,
-- $10 whether it is a trial price, $11 party, $12 now
INSERT INTO price_ceiling (id, product_id, unit, ceiling_minor, currency, approval, authority_id, valid, is_trial,
    recorded_by, recorded_at)
VALUES ($1, $2, $3, $4::numeric, $5, $6, $7, daterange($8::date, $9::date, '[]'), $10, $11, $12);
