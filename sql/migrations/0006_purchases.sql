-- What an enterprise owns. Every key begins with the enterprise, so that the tables can be sharded by it.
CREATE TABLE command_key (
    enterprise_id uuid NOT NULL REFERENCES party,
    key text NOT NULL CONSTRAINT command_key_length CHECK (length(key) BETWEEN 1 AND 200),
    command text NOT NULL,
    -- SHA-256 of the request's body: the same key with another body is refused.
    digest bytea NOT NULL,
    purchase_id uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (enterprise_id, key)
);

CREATE TABLE purchase (
    enterprise_id uuid NOT NULL REFERENCES party,
    id uuid NOT NULL,
    offer_id uuid NOT NULL REFERENCES offer,
    product_id uuid NOT NULL,
    revision integer NOT NULL,
    purpose text NOT NULL CONSTRAINT purchase_has_purpose CHECK (btrim(purpose) <> ''),
    price_minor bigint NOT NULL CONSTRAINT purchase_price_not_negative CHECK (price_minor >= 0),
    currency text NOT NULL,
    state text NOT NULL CONSTRAINT purchase_state_known CHECK (state IN ('active', 'ended')),
    accepted_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (enterprise_id, id),
    FOREIGN KEY (product_id, revision) REFERENCES product_revision,
    CONSTRAINT purchase_ended_has_time CHECK ((state = 'ended') = (ended_at IS NOT NULL))
);
CREATE INDEX purchase_by_acceptance ON purchase (enterprise_id, accepted_at);

CREATE TABLE entitlement (
    enterprise_id uuid NOT NULL,
    id uuid NOT NULL,
    purchase_id uuid NOT NULL,
    product_id uuid NOT NULL REFERENCES product,
    valid tstzrange NOT NULL CONSTRAINT entitlement_valid_not_empty CHECK (NOT isempty(valid)),
    suspended_at timestamptz,
    PRIMARY KEY (enterprise_id, id),
    CONSTRAINT entitlement_one_per_purchase UNIQUE (enterprise_id, purchase_id)
);

CREATE TABLE usage_event (
    enterprise_id uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    id uuid NOT NULL,
    entitlement_id uuid NOT NULL,
    meter text NOT NULL CONSTRAINT usage_event_meter_known CHECK (meter IN ('download')),
    quantity bigint NOT NULL CONSTRAINT usage_event_quantity_positive CHECK (quantity > 0),
    bytes bigint NOT NULL CONSTRAINT usage_event_bytes_not_negative CHECK (bytes >= 0),
    product_id uuid NOT NULL,
    revision integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (enterprise_id, occurred_at, id)
) PARTITION BY RANGE (occurred_at);
CREATE INDEX usage_event_by_entitlement ON usage_event (enterprise_id, entitlement_id, occurred_at);

-- Months are made ahead by the program; what falls outside them still lands.
CREATE TABLE usage_event_default PARTITION OF usage_event DEFAULT;

CREATE FUNCTION make_usage_partitions(first date, months integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    month date;
    made integer := 0;
BEGIN
    FOR month IN SELECT generate_series(date_trunc('month', first), date_trunc('month', first)
                                        + make_interval(months => months - 1), interval '1 month')::date LOOP
        IF to_regclass(format('usage_event_%s', to_char(month, 'YYYY_MM'))) IS NULL THEN
            EXECUTE format('CREATE TABLE usage_event_%s PARTITION OF usage_event FOR VALUES FROM (%L) TO (%L)',
                to_char(month, 'YYYY_MM'), month::timestamp AT TIME ZONE 'UTC',
                (month + interval '1 month') AT TIME ZONE 'UTC');
            made := made + 1;
        END IF;
    END LOOP;
    RETURN made;
END $$;
