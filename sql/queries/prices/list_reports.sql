-- Price reports of a year by operator code: key and JSON per row. Income is what was invoiced in the year less what was
-- given back in it, without VAT and in the currency of the statement (CNY without one); the volume is the purchases concluded
-- in the year and the use that was invoiced. An operator that neither stated nor invoiced anything has no report.
-- Invoices are read by issuer, across enterprises (each row has its enterprise_id).
-- $1 year, $2 operator or null for all, $3 code to start after or null, $4 limit
WITH bounds AS MATERIALIZED (
    SELECT make_date($1, 1, 1)::timestamp AT TIME ZONE 'Asia/Shanghai' AS begins,
        make_date($1 + 1, 1, 1)::timestamp AT TIME ZONE 'Asia/Shanghai' AS ends
), chosen AS MATERIALIZED (
    SELECT party.id, party.code, party.name_zh, party.name_en, COALESCE(stated.currency, 'CNY') AS currency
    FROM party LEFT JOIN price_statement AS stated ON stated.operator_id = party.id AND stated.year = $1, bounds
    WHERE ($2::uuid IS NULL OR party.id = $2) AND ($3::text IS NULL OR party.code > $3)
        AND (stated.operator_id IS NOT NULL OR EXISTS (SELECT FROM invoice WHERE invoice.issuer_id = party.id
            AND invoice.issued_at >= bounds.begins AND invoice.issued_at < bounds.ends))
    ORDER BY party.code LIMIT $4
), moved AS (
    SELECT chosen.id AS operator_id, invoice.enterprise_id, invoice.purchase_id, invoice.net_minor AS income
    FROM chosen, bounds, invoice
    WHERE invoice.issuer_id = chosen.id AND invoice.currency = chosen.currency
        AND invoice.issued_at >= bounds.begins AND invoice.issued_at < bounds.ends
    UNION ALL
    SELECT chosen.id, invoice.enterprise_id, invoice.purchase_id, -note.net_minor
    FROM chosen, bounds, credit_note AS note
    JOIN invoice ON invoice.enterprise_id = note.enterprise_id AND invoice.id = note.invoice_id
    WHERE note.issuer_id = chosen.id AND invoice.currency = chosen.currency
        AND note.issued_at >= bounds.begins AND note.issued_at < bounds.ends
), income AS (
    SELECT moved.operator_id, purchase.product_id, sum(moved.income) AS income
    FROM moved JOIN purchase ON purchase.enterprise_id = moved.enterprise_id AND purchase.id = moved.purchase_id
    GROUP BY moved.operator_id, purchase.product_id
), used AS (
    SELECT chosen.id AS operator_id, purchase.product_id, counted.meter, sum(counted.quantity) AS quantity
    FROM chosen, bounds, invoice
    JOIN invoice_usage AS counted ON counted.enterprise_id = invoice.enterprise_id AND counted.invoice_id = invoice.id
    JOIN purchase ON purchase.enterprise_id = invoice.enterprise_id AND purchase.id = invoice.purchase_id
    WHERE invoice.issuer_id = chosen.id AND invoice.currency = chosen.currency
        AND invoice.issued_at >= bounds.begins AND invoice.issued_at < bounds.ends
    GROUP BY chosen.id, purchase.product_id, counted.meter
), product_report AS (
    SELECT income.operator_id, sum(income.income) AS income, json_agg(json_build_object('code', product.code,
        'title_zh', product.title_zh, 'title_en', product.title_en, 'income_minor', income.income,
        'purchases', (SELECT count(*) FROM purchase, bounds WHERE purchase.product_id = product.id
            AND purchase.accepted_at >= bounds.begins AND purchase.accepted_at < bounds.ends
            AND purchase.enterprise_id IS NOT NULL),
        'usage', COALESCE((SELECT json_object_agg(used.meter, trim_scale(used.quantity)) FROM used
            WHERE used.operator_id = income.operator_id AND used.product_id = product.id), '{}'::json)) ORDER BY product.code) AS products
    FROM income JOIN product ON product.id = income.product_id GROUP BY income.operator_id
), allowed AS (
    SELECT stated.operator_id, round((stated.cost_minor - stated.subsidies_minor) * stated.profit_rate) AS profit,
        stated.cost_minor - stated.subsidies_minor + round((stated.cost_minor - stated.subsidies_minor) * stated.profit_rate)
            + stated.tax_minor - stated.deducted_minor AS revenue
    FROM price_statement AS stated WHERE stated.year = $1
)
SELECT chosen.code, json_build_object('operator', chosen.code, 'name_zh', chosen.name_zh, 'name_en', chosen.name_en,
    'year', $1::integer, 'currency', chosen.currency,
    'due_on', (SELECT (make_date($1 + 1, 1, 1) + make_interval(months => policy.value::integer))::date - 1 FROM policy
        WHERE policy.rule = 'price_report' AND policy.effective @> make_date($1, 12, 31)),
    'stated', CASE WHEN stated.operator_id IS NOT NULL THEN json_build_object('cost_minor', stated.cost_minor,
        'subsidies_minor', stated.subsidies_minor, 'tax_minor', stated.tax_minor, 'deducted_minor', stated.deducted_minor,
        'profit_rate', trim_scale(stated.profit_rate), 'surveyed_in', stated.surveyed_in,
        'adjustments', stated.adjustments, 'recorded_at', stated.recorded_at) END,
    'allowed_profit_minor', allowed.profit, 'allowed_revenue_minor', allowed.revenue,
    'revenue_minor', COALESCE(product_report.income, 0), 'deviation', trim_scale(compared.deviation),
    'follow_up', CASE WHEN allowed.revenue IS NULL THEN NULL
        WHEN COALESCE(product_report.income, 0) = allowed.revenue THEN 'none'
        WHEN abs(compared.exact) <= bound.value THEN 'operator_adjusts' ELSE 'body_adjusts' END,
    'products', COALESCE(product_report.products, '[]'::json))::text
FROM chosen
LEFT JOIN price_statement AS stated ON stated.operator_id = chosen.id AND stated.year = $1
LEFT JOIN allowed ON allowed.operator_id = chosen.id
LEFT JOIN product_report ON product_report.operator_id = chosen.id
LEFT JOIN policy AS bound ON bound.rule = 'revenue_deviation' AND bound.effective @> make_date($1, 12, 31)
CROSS JOIN LATERAL (SELECT (COALESCE(product_report.income, 0) - allowed.revenue) / NULLIF(allowed.revenue, 0) AS exact,
    round((COALESCE(product_report.income, 0) - allowed.revenue) / NULLIF(allowed.revenue, 0), 4) AS deviation) AS compared
ORDER BY chosen.code;
