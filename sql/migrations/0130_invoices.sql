-- Billing periods, invoices with their lines and the usage behind them, credit notes, and the numbers of an issuer.

INSERT INTO policy (rule, effective, title_zh, title_en, days, unit, extension_days, article, source, verified) VALUES
('payment_term', '[2025-01-01,)', '付款期限', 'Payment of an invoice', 30, 'day', NULL,
    NULL, 'The market''s own rule; no source was found', false),
('late_usage', '[2025-01-01,)', '迟到用量', 'Usage that is recorded after its purchase ended is still billed', 90, 'day', NULL,
    NULL, 'The market''s own rule; no source was found', false);

-- The version of an id that begins with its time.
CREATE FUNCTION uuid_of_time(moment timestamptz) RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE
RETURN (lpad(to_hex(floor(extract(epoch FROM moment) * 1000)::bigint), 12, '0') || '7'
    || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid;

-- The periods of a purchase by days of Beijing: the trial as number 0, then 1, 2, …; a period without a kind of its own is
-- the whole term. `share` is how much of a whole period it covers: the last one may be cut short.
-- The end of a period's days is not part of it; usage on the day of the end belongs to the last period (is_last).
CREATE FUNCTION billing_periods(first date, until date, trial_days integer, billing_period text)
RETURNS TABLE (number integer, trial boolean, days daterange, share numeric, is_last boolean)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    WITH term AS (
        SELECT first + COALESCE(trial_days, 0) AS paid_from, GREATEST(until, first + 1) AS ends_on,
            CASE billing_period WHEN 'month' THEN 1 WHEN 'quarter' THEN 3 WHEN 'year' THEN 12 END AS months
    )
    SELECT 0, true, daterange(first, LEAST(paid_from, ends_on)), 1::numeric, ends_on <= paid_from
    FROM term WHERE trial_days > 0
    UNION ALL
    SELECT 1, false, daterange(paid_from, ends_on), 1::numeric, true FROM term WHERE months IS NULL AND paid_from < ends_on
    UNION ALL
    SELECT place + 1, false, daterange(begins, LEAST(whole_end, ends_on)),
        (LEAST(whole_end, ends_on) - begins)::numeric / (whole_end - begins), whole_end >= ends_on
    FROM term, generate_series(0, (ends_on - paid_from) / (28 * months)) AS place,
        LATERAL (SELECT (paid_from + make_interval(months => place * months))::date AS begins,
            (paid_from + make_interval(months => (place + 1) * months))::date AS whole_end) AS whole
    WHERE months IS NOT NULL AND begins < ends_on
$$;

-- A period of a purchase that was closed: it is never opened again. What was recorded before `counted_before` was
-- counted; what of its days was recorded later is late usage, and counted by a later period or by a correction.
CREATE TABLE billing_period (
    enterprise_id uuid NOT NULL,
    purchase_id uuid NOT NULL,
    number integer NOT NULL CONSTRAINT billing_period_counts_from_trial CHECK (number >= 0),
    -- A correction follows the last period, and holds only late usage.
    kind text NOT NULL CONSTRAINT billing_period_kind_known CHECK (kind IN ('trial', 'regular', 'correction')),
    days daterange NOT NULL CONSTRAINT billing_period_days_not_empty CHECK (NOT isempty(days)),
    share numeric NOT NULL CONSTRAINT billing_period_share_in_range CHECK (share > 0 AND share <= 1),
    is_last boolean NOT NULL,
    counted_before timestamptz NOT NULL,
    closed_at timestamptz NOT NULL,
    PRIMARY KEY (enterprise_id, purchase_id, number),
    CONSTRAINT billing_period_trial_is_first CHECK ((number = 0) = (kind = 'trial')),
    CONSTRAINT billing_period_closed_after_it_ended CHECK (kind = 'correction' OR counted_before <= closed_at)
);

CREATE TABLE invoice (
    enterprise_id uuid NOT NULL REFERENCES party,
    id uuid NOT NULL,
    purchase_id uuid NOT NULL,
    period integer NOT NULL,
    issuer_id uuid NOT NULL REFERENCES party,
    state text NOT NULL CONSTRAINT invoice_state_known CHECK (state IN ('draft', 'issued', 'paid', 'void')),
    -- Without gaps for each issuer; null while it is a draft, and for a draft that was given up.
    number bigint CONSTRAINT invoice_number_positive CHECK (number > 0),
    currency text NOT NULL CONSTRAINT invoice_currency_form CHECK (currency ~ '^[A-Z]{3}$'),
    -- Sums of the lines, in minor units.
    net_minor bigint NOT NULL CONSTRAINT invoice_net_not_negative CHECK (net_minor >= 0),
    vat_minor bigint NOT NULL CONSTRAINT invoice_vat_not_negative CHECK (vat_minor >= 0),
    gross_minor bigint NOT NULL GENERATED ALWAYS AS (net_minor + vat_minor) STORED,
    -- What was given back by credit notes, and what was paid less what is to be paid back.
    credited_minor bigint NOT NULL DEFAULT 0 CONSTRAINT invoice_credited_not_negative CHECK (credited_minor >= 0),
    paid_minor bigint NOT NULL DEFAULT 0 CONSTRAINT invoice_paid_not_negative CHECK (paid_minor >= 0),
    -- Both parties as they were when it was issued.
    buyer jsonb,
    seller jsonb,
    drafted_at timestamptz NOT NULL,
    issued_at timestamptz,
    due_on date,
    settled_at timestamptz,
    voided_at timestamptz,
    void_reason text CONSTRAINT invoice_void_reason_not_blank CHECK (btrim(void_reason) <> ''),
    PRIMARY KEY (enterprise_id, id),
    CONSTRAINT invoice_one_per_period UNIQUE (enterprise_id, purchase_id, period),
    CONSTRAINT invoice_number_comes_with_issue CHECK
        (num_nonnulls(number, issued_at, due_on, buyer, seller) IN (0, 5)),
    CONSTRAINT invoice_number_suits_state CHECK
        (CASE state WHEN 'draft' THEN number IS NULL WHEN 'void' THEN true ELSE number IS NOT NULL END),
    CONSTRAINT invoice_settled_not_above_total CHECK (credited_minor + paid_minor <= net_minor + vat_minor),
    -- Paid is what nothing is left of, and void what was wholly credited before it was paid, or a draft given up.
    CONSTRAINT invoice_state_suits_amounts CHECK (CASE state
        WHEN 'issued' THEN credited_minor + paid_minor < net_minor + vat_minor
        WHEN 'paid' THEN credited_minor + paid_minor = net_minor + vat_minor AND settled_at IS NOT NULL
        WHEN 'void' THEN paid_minor = 0 AND (number IS NULL OR credited_minor = net_minor + vat_minor)
        ELSE credited_minor + paid_minor = 0 END),
    CONSTRAINT invoice_void_has_reason CHECK
        ((state = 'void') = (voided_at IS NOT NULL) AND (state = 'void') = (void_reason IS NOT NULL))
);
CREATE UNIQUE INDEX invoice_number_once ON invoice (enterprise_id, issuer_id, number);
CREATE INDEX invoice_by_issuer ON invoice (issuer_id, id);
CREATE INDEX invoice_by_number ON invoice (issuer_id, number);
CREATE INDEX invoice_by_id ON invoice (id);
CREATE INDEX invoice_drafts ON invoice (enterprise_id, id) WHERE state = 'draft';

-- The usage that an invoice counts: the events of a meter from the first to the last, recorded in a range of time.
CREATE TABLE invoice_usage (
    enterprise_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    -- The period whose usage it is: the invoice's own, or an earlier one whose usage came late.
    period integer NOT NULL,
    meter text NOT NULL REFERENCES meter,
    entitlement_id uuid NOT NULL,
    -- When the events were recorded.
    recorded tstzrange NOT NULL,
    events bigint NOT NULL CONSTRAINT invoice_usage_counts CHECK (events > 0),
    quantity numeric NOT NULL,
    first_at timestamptz NOT NULL,
    first_id uuid NOT NULL,
    last_at timestamptz NOT NULL,
    last_id uuid NOT NULL,
    -- SHA-256 of the events as the export writes them.
    digest bytea NOT NULL CONSTRAINT invoice_usage_digest_length CHECK (octet_length(digest) = 32),
    PRIMARY KEY (enterprise_id, invoice_id, period, meter)
);
CREATE INDEX invoice_usage_by_entitlement ON invoice_usage (enterprise_id, entitlement_id, period);

CREATE TABLE invoice_line (
    enterprise_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    number integer NOT NULL CONSTRAINT invoice_line_counts_from_one CHECK (number >= 1),
    -- As the rating names it, or 'late': usage of an earlier period.
    kind text NOT NULL,
    -- The period whose usage it is.
    period integer NOT NULL,
    meter text REFERENCES meter,
    rating_version integer NOT NULL,
    quantity numeric,
    unit_price numeric,
    net_minor bigint NOT NULL,
    vat_rate numeric(5, 4) NOT NULL,
    vat_minor bigint NOT NULL,
    gross_minor bigint NOT NULL GENERATED ALWAYS AS (net_minor + vat_minor) STORED,
    title_zh text NOT NULL,
    title_en text NOT NULL,
    PRIMARY KEY (enterprise_id, invoice_id, number)
);

-- A usage event as the export writes it; sorted as bytes, the lines are in the order of time.
CREATE FUNCTION usage_line(occurred_at timestamptz, id uuid, period integer, meter text, quantity numeric) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || ',' || id || ',' || period || ','
    || meter || ',' || quantity;

-- What is given back of an issued invoice. The amounts are positive.
CREATE TABLE credit_note (
    enterprise_id uuid NOT NULL,
    id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    issuer_id uuid NOT NULL REFERENCES party,
    number bigint NOT NULL CONSTRAINT credit_note_number_positive CHECK (number > 0),
    -- The line that it is about; null: the whole invoice.
    line integer,
    net_minor bigint NOT NULL CONSTRAINT credit_note_net_not_negative CHECK (net_minor >= 0),
    vat_minor bigint NOT NULL CONSTRAINT credit_note_vat_not_negative CHECK (vat_minor >= 0),
    gross_minor bigint NOT NULL GENERATED ALWAYS AS (net_minor + vat_minor) STORED,
    -- What of it had been paid, and goes back to the buyer.
    refund_minor bigint NOT NULL CONSTRAINT credit_note_refund_not_above_total CHECK
        (refund_minor BETWEEN 0 AND net_minor + vat_minor),
    refunded_minor bigint NOT NULL DEFAULT 0,
    party_id uuid NOT NULL REFERENCES party,
    reason text NOT NULL CONSTRAINT credit_note_has_reason CHECK (btrim(reason) <> ''),
    issued_at timestamptz NOT NULL,
    -- The command that made it, and SHA-256 of its body: a repeat makes no second one.
    key text NOT NULL CONSTRAINT credit_note_key_length CHECK (length(key) BETWEEN 1 AND 200),
    command_digest bytea NOT NULL,
    PRIMARY KEY (enterprise_id, id),
    CONSTRAINT credit_note_one_per_command UNIQUE (enterprise_id, invoice_id, key),
    CONSTRAINT credit_note_gives_something CHECK (net_minor + vat_minor > 0),
    CONSTRAINT credit_note_refunded_not_above CHECK (refunded_minor BETWEEN 0 AND refund_minor)
);
CREATE UNIQUE INDEX credit_note_number_once ON credit_note (enterprise_id, issuer_id, number);
CREATE INDEX credit_note_by_number ON credit_note (issuer_id, number);
CREATE INDEX credit_note_by_invoice ON credit_note (enterprise_id, invoice_id);

-- The last number that an issuer gave; the row is locked while one is given, so that none is left out.
CREATE TABLE issuer_number (
    issuer_id uuid NOT NULL REFERENCES party,
    series text NOT NULL CONSTRAINT issuer_number_series_known CHECK (series IN ('invoice', 'credit_note')),
    last bigint NOT NULL CONSTRAINT issuer_number_not_negative CHECK (last >= 0),
    PRIMARY KEY (issuer_id, series)
);

-- A number as it is printed, and looked for in the reference of a payment: INV-000123, CN-000004.
CREATE FUNCTION billing_code(series text, number bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE series WHEN 'invoice' THEN 'INV-' ELSE 'CN-' END || lpad(number::text, GREATEST(6, length(number::text)), '0');
