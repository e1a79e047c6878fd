-- Purchases of data that were made elsewhere, as somebody declares them. A reference that is declared again is corrected: what it
-- said before stays, with the time until which it was believed.
CREATE TABLE declared_purchase (
    declared_by uuid NOT NULL REFERENCES party,
    reference text NOT NULL,
    number integer NOT NULL,
    enterprise_code text NOT NULL,
    accepted_on date NOT NULL,
    channel text NOT NULL CONSTRAINT declared_purchase_channel_known CHECK (channel IN ('on_exchange', 'filed', 'off_exchange')),
    product text NOT NULL,
    seller text,
    value_minor bigint NOT NULL CONSTRAINT declared_purchase_value_not_negative CHECK (value_minor >= 0),
    currency text NOT NULL CONSTRAINT declared_purchase_currency_form CHECK (currency ~ '^[A-Z]{3}$'),
    basis text NOT NULL,
    industry_section text,
    province text,
    enterprise_kind text,
    synthetic boolean NOT NULL,
    -- It is said not to have been made after all.
    withdrawn boolean NOT NULL,
    recorded tstzrange NOT NULL CONSTRAINT declared_purchase_recorded_not_empty CHECK (NOT isempty(recorded)),
    digest bytea NOT NULL,
    PRIMARY KEY (declared_by, reference, number)
);
CREATE UNIQUE INDEX declared_purchase_stands ON declared_purchase (declared_by, reference) WHERE upper_inf(recorded);
