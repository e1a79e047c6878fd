-- Meters, and the price plans of offers: a fixed price once or for each period, prices by use in tiers, quotas, and places.

-- What can be counted.
CREATE TABLE meter (
    code text PRIMARY KEY CONSTRAINT meter_code_form CHECK (code ~ '^[a-z][a-z0-9_]{0,39}$'),
    title_zh text NOT NULL,
    title_en text NOT NULL,
    -- The unit of a quantity, as UCUM or a word in braces.
    unit text NOT NULL
);
INSERT INTO meter (code, title_zh, title_en, unit) VALUES
('download', '下载次数', 'Downloads', '{download}'),
('call', '调用次数', 'Calls', '{call}'),
('row', '读取行数', 'Rows read', '{row}'),
('byte', '传输字节数', 'Bytes sent', 'By');
ALTER TABLE usage_event DROP CONSTRAINT usage_event_meter_known;
ALTER TABLE usage_event ADD CONSTRAINT usage_event_meter_known FOREIGN KEY (meter) REFERENCES meter;

ALTER TABLE offer DROP CONSTRAINT offer_kind_known;
ALTER TABLE offer ADD CONSTRAINT offer_kind_known CHECK
    (kind IN ('free', 'one_off', 'subscription', 'metered', 'combined'));
ALTER TABLE offer DROP CONSTRAINT offer_free_costs_nothing;
-- price_minor is the fixed part, without tax: once (one_off), for each period (subscription, combined), or 0 (free, metered).
ALTER TABLE offer ADD CONSTRAINT offer_fixed_price_suits_kind CHECK
    (CASE WHEN kind IN ('free', 'metered') THEN price_minor = 0 ELSE price_minor > 0 END);
ALTER TABLE offer ADD COLUMN billing_period text CONSTRAINT offer_billing_period_known CHECK
    (billing_period IN ('month', 'quarter', 'year'));
ALTER TABLE offer ADD CONSTRAINT offer_billing_period_suits_kind CHECK
    ((billing_period IS NOT NULL) = (kind IN ('subscription', 'metered', 'combined')));
-- What a period costs at least and at most, fixed part and use together, without tax.
ALTER TABLE offer ADD COLUMN minimum_minor bigint CONSTRAINT offer_minimum_not_negative CHECK (minimum_minor >= 0);
ALTER TABLE offer ADD COLUMN maximum_minor bigint CONSTRAINT offer_maximum_not_below_minimum CHECK
    (maximum_minor >= GREATEST(COALESCE(minimum_minor, 0), price_minor));
ALTER TABLE offer ADD CONSTRAINT offer_limits_are_of_periods CHECK
    (billing_period IS NOT NULL OR num_nonnulls(minimum_minor, maximum_minor) = 0);
ALTER TABLE offer ADD COLUMN vat_rate numeric(5, 4) NOT NULL DEFAULT 0.06
    CONSTRAINT offer_vat_rate_in_range CHECK (vat_rate >= 0 AND vat_rate < 1);
-- A trial comes before the first period and costs nothing; its quotas are its own.
ALTER TABLE offer ADD COLUMN trial_days integer CONSTRAINT offer_trial_positive CHECK (trial_days > 0);
-- Until when it can be accepted; the end is not part of it.
ALTER TABLE offer ADD COLUMN offered_until timestamptz CONSTRAINT offer_ends_after_it_begins CHECK (offered_until > offered_at);
ALTER TABLE offer ADD COLUMN replaces uuid REFERENCES offer CONSTRAINT offer_replaced_once UNIQUE;
-- Who decides on a request to buy.
ALTER TABLE offer ADD COLUMN approval text NOT NULL DEFAULT 'automatic' CONSTRAINT offer_approval_known CHECK
    (approval IN ('automatic', 'operator', 'operator_and_provider'));

-- The price of use by meter. Tiers follow each other by `above`, the first above 0.
-- per_unit: one tier, unit price for all; graduated: each unit costs what its own tier says; volume: all units cost what
-- the tier of the total says; package: begun packages of package_size units, each at the unit price.
CREATE TABLE offer_usage_price (
    offer_id uuid NOT NULL REFERENCES offer,
    meter text NOT NULL REFERENCES meter,
    mode text NOT NULL CONSTRAINT offer_usage_price_mode_known CHECK
        (mode IN ('per_unit', 'graduated', 'volume', 'package')),
    package_size numeric CONSTRAINT offer_usage_price_package_positive CHECK (package_size > 0),
    PRIMARY KEY (offer_id, meter),
    CONSTRAINT offer_usage_price_package_has_size CHECK ((mode = 'package') = (package_size IS NOT NULL))
);
CREATE TABLE offer_usage_tier (
    offer_id uuid NOT NULL,
    meter text NOT NULL,
    -- The tier holds quantities above this and up to the next one.
    above numeric NOT NULL CONSTRAINT offer_usage_tier_not_negative CHECK (above >= 0),
    -- In minor units of the offer's currency, for a unit or a package.
    unit_price numeric NOT NULL CONSTRAINT offer_usage_tier_price_not_negative CHECK (unit_price >= 0),
    -- For entering the tier.
    flat_minor bigint NOT NULL DEFAULT 0 CONSTRAINT offer_usage_tier_flat_not_negative CHECK (flat_minor >= 0),
    PRIMARY KEY (offer_id, meter, above),
    FOREIGN KEY (offer_id, meter) REFERENCES offer_usage_price
);

-- How much an offer grants of a meter, in a period that comes again or for the whole term.
CREATE TABLE offer_quota (
    offer_id uuid NOT NULL REFERENCES offer,
    meter text NOT NULL REFERENCES meter,
    trial boolean NOT NULL DEFAULT false,
    quantity numeric NOT NULL CONSTRAINT offer_quota_positive CHECK (quantity > 0),
    period text CONSTRAINT offer_quota_period_known CHECK (period IN ('day', 'month', 'quarter', 'year')),
    -- A hard quota refuses what is beyond it, a soft one lets it through and tells.
    hard boolean NOT NULL DEFAULT true,
    -- How much of what a period left can be used in the next.
    carry_over numeric NOT NULL DEFAULT 0 CONSTRAINT offer_quota_carry_over_not_negative CHECK (carry_over >= 0),
    PRIMARY KEY (offer_id, meter, trial)
);

-- How many purchases an offer allows, and how many were made; only offers that are limited have a row.
CREATE TABLE offer_place (
    offer_id uuid PRIMARY KEY REFERENCES offer,
    places integer NOT NULL CONSTRAINT offer_place_positive CHECK (places > 0),
    taken integer NOT NULL DEFAULT 0,
    CONSTRAINT offer_place_not_oversold CHECK (taken BETWEEN 0 AND places)
);
