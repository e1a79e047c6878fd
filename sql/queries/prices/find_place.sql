-- What a price ceiling is recorded for: the product, the authority, whether its unit is known, and the last day that the
-- longest period from a day on has; each null when there is none. $1 product code, $2 authority code, $3 unit, $4 first day
SELECT (SELECT id FROM product WHERE code = $1), (SELECT id FROM party WHERE code = $2),
    $3 IN ('product', 'month', 'quarter', 'year') OR EXISTS (SELECT FROM meter WHERE code = $3),
    (SELECT (($4::date + make_interval(months => policy.value::integer))::date - 1)::text FROM policy
     WHERE policy.rule = 'price_review' AND policy.effective @> $4::date);
