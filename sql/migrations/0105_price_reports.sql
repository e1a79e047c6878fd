-- What an operator states for the yearly report on its guided prices.
CREATE TABLE price_statement (
    operator_id uuid NOT NULL REFERENCES party,
    year integer NOT NULL CONSTRAINT price_statement_year_in_range CHECK (year BETWEEN 2000 AND 2999),
    currency text NOT NULL CONSTRAINT price_statement_currency_form CHECK (currency ~ '^[A-Z]{3}$'),
    -- In minor units. Cost of operation, what of it was subsidised, and taxes besides VAT.
    cost_minor bigint NOT NULL CONSTRAINT price_statement_cost_not_negative CHECK (cost_minor >= 0),
    subsidies_minor bigint NOT NULL CONSTRAINT price_statement_subsidies_not_above_cost CHECK
        (subsidies_minor BETWEEN 0 AND cost_minor),
    tax_minor bigint NOT NULL CONSTRAINT price_statement_tax_not_negative CHECK (tax_minor >= 0),
    -- Excess income of the cycle before, which is deducted.
    deducted_minor bigint NOT NULL CONSTRAINT price_statement_deducted_not_negative CHECK (deducted_minor >= 0),
    -- Profit as a part of the cost net of subsidies, and the year in which the cost was surveyed: it says which yield counts.
    profit_rate numeric NOT NULL CONSTRAINT price_statement_profit_not_negative CHECK (profit_rate >= 0),
    surveyed_in integer NOT NULL,
    -- Adjustments of prices in the year.
    adjustments text,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (operator_id, year)
);
