-- The highest profit rate for costs surveyed in a year: the treasury yield of the year before and the points above it, each
-- null when no policy says it. $1 year of the survey
SELECT (SELECT value::text FROM policy WHERE rule = 'treasury_yield' AND effective @> make_date($1 - 1, 12, 31)),
    (SELECT value::text FROM policy WHERE rule = 'profit_margin' AND effective @> make_date($1, 12, 31));
