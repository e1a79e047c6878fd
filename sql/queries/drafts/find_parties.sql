-- The parties with some codes, as a draft names them. $1 codes
SELECT code, id, name FROM party WHERE code = ANY($1::text[]);
