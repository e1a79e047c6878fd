-- Ends the ceiling that is in force on the day on which another begins. $1 product, $2 unit, $3 currency, $4 first day
UPDATE price_ceiling SET valid = daterange(lower(valid), $4)
WHERE product_id = $1 AND unit = $2 AND currency = $3 AND valid @> $4::date AND lower(valid) < $4;
