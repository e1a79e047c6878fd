-- What operators stated for their yearly reports on prices, each time that they did: price_statement holds the last.
CREATE TABLE price_statement_version (
    operator_id uuid NOT NULL REFERENCES party,
    year integer NOT NULL,
    currency text NOT NULL,
    cost_minor bigint NOT NULL,
    subsidies_minor bigint NOT NULL,
    tax_minor bigint NOT NULL,
    deducted_minor bigint NOT NULL,
    profit_rate numeric NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (operator_id, year, recorded_at)
);
INSERT INTO price_statement_version (operator_id, year, currency, cost_minor, subsidies_minor, tax_minor, deducted_minor, profit_rate,
    recorded_at)
SELECT operator_id, year, currency, cost_minor, subsidies_minor, tax_minor, deducted_minor, profit_rate, recorded_at
FROM price_statement;
