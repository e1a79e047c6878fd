-- States the inputs of an operator's report, anew if they were stated before; every statement is kept. $1 operator, $2 year,
-- $3 currency, $4 cost, $5 subsidies, $6 tax, $7 deducted, $8 profit rate, $9 year of the survey, $10 adjustments or null, $11 now
WITH kept AS (
    INSERT INTO price_statement_version (operator_id, year, currency, cost_minor, subsidies_minor, tax_minor, deducted_minor,
        profit_rate, recorded_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8::numeric, $11)
    ON CONFLICT (operator_id, year, recorded_at) DO UPDATE SET currency = excluded.currency, cost_minor = excluded.cost_minor,
        subsidies_minor = excluded.subsidies_minor, tax_minor = excluded.tax_minor, deducted_minor = excluded.deducted_minor,
        profit_rate = excluded.profit_rate
)
INSERT INTO price_statement (operator_id, year, currency, cost_minor, subsidies_minor, tax_minor, deducted_minor,
    profit_rate, surveyed_in, adjustments, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8::numeric, $9, $10, $11)
ON CONFLICT (operator_id, year) DO UPDATE SET currency = excluded.currency, cost_minor = excluded.cost_minor,
    subsidies_minor = excluded.subsidies_minor, tax_minor = excluded.tax_minor, deducted_minor = excluded.deducted_minor,
    profit_rate = excluded.profit_rate, surveyed_in = excluded.surveyed_in, adjustments = excluded.adjustments,
    recorded_at = excluded.recorded_at;
