-- Policies that set another number than days, and the ceilings of government-guided prices.

ALTER TABLE policy ALTER COLUMN days DROP NOT NULL;
-- A rate, or a number of months.
ALTER TABLE policy ADD COLUMN value numeric CONSTRAINT policy_value_not_negative CHECK (value >= 0);
ALTER TABLE policy DROP CONSTRAINT policy_unit_known;
ALTER TABLE policy ADD CONSTRAINT policy_unit_known CHECK (unit IN ('working_day', 'day', 'month', 'rate'));
ALTER TABLE policy ADD CONSTRAINT policy_number_suits_unit CHECK (num_nonnulls(days, value) = 1
    AND (days IS NOT NULL) = (unit IN ('working_day', 'day')));
INSERT INTO policy (rule, effective, title_zh, title_en, value, unit, article, source, verified) VALUES
('price_review', '[2025-03-01,)', '价格校核周期', 'Longest period of a price ceiling', 36, 'month', NULL,
    'NDRC Price 2025 No. 65: reviewed at most every 3 years', true),
('price_report', '[2025-03-01,)', '价格年度报告', 'Months after the end of a year in which its price report is due', 3, 'month', NULL,
    'NDRC Price 2025 No. 65: by the end of March each year', true),
('profit_margin', '[2025-03-01,)', '准许利润率加点', 'Points above the treasury yield that a profit rate may have', 0.06, 'rate',
    NULL, 'NDRC Price 2025 No. 65: 6 percentage points', true),
('revenue_deviation', '[2025-03-01,)', '收入偏离幅度', 'Deviation of the revenue up to which the operator adjusts prices itself',
    0.1, 'rate', NULL, 'NDRC Price 2025 No. 65: up to 10 % the operator, above it the authorising body', true),
('treasury_yield', '[2024-01-01,2025-01-01)', '十年期国债年平均收益率', 'Average yield of ten-year treasury bonds in the year', 0.022,
    'rate', NULL, 'From memory, rounded; to be replaced by the published average', false),
('treasury_yield', '[2025-01-01,2026-01-01)', '十年期国债年平均收益率', 'Average yield of ten-year treasury bonds in the year', 0.0175,
    'rate', NULL, 'From memory, rounded; to be replaced by the published average', false);

-- What a product may cost at most, as an authority approved it. One that begins later ends the one before.
CREATE TABLE price_ceiling (
    id uuid PRIMARY KEY,
    product_id uuid NOT NULL REFERENCES product,
    -- What the ceiling is for: a whole purchase, a billing period, or a unit of a meter.
    unit text NOT NULL,
    meter text GENERATED ALWAYS AS (CASE WHEN unit NOT IN ('product', 'month', 'quarter', 'year') THEN unit END) STORED
        REFERENCES meter,
    -- In minor units, without tax; a unit of a meter may cost a fraction of one.
    ceiling_minor numeric NOT NULL CONSTRAINT price_ceiling_not_negative CHECK (ceiling_minor >= 0),
    currency text NOT NULL CONSTRAINT price_ceiling_currency_form CHECK (currency ~ '^[A-Z]{3}$'),
    -- The number of the authority's document.
    approval text NOT NULL CONSTRAINT price_ceiling_has_approval CHECK (btrim(approval) <> ''),
    authority_id uuid NOT NULL REFERENCES party,
    valid daterange NOT NULL CONSTRAINT price_ceiling_valid_bounded CHECK
        (NOT isempty(valid) AND NOT lower_inf(valid) AND NOT upper_inf(valid)),
    -- A trial price: no full year of operation stands behind it yet.
    is_trial boolean NOT NULL,
    recorded_by uuid NOT NULL REFERENCES party,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT price_ceiling_one_at_a_time EXCLUDE USING gist
        (product_id WITH =, unit WITH =, currency WITH =, valid WITH &&)
);
CREATE INDEX price_ceiling_by_product ON price_ceiling (product_id, id);
