-- Months of usage that are older than their retention: kept as Parquet outside the database, and brought back for an enterprise
-- that asks for its single events. Totals stay.

INSERT INTO policy (rule, effective, title_zh, title_en, value, unit, article, source, verified) VALUES
('usage_retention', '[2025-01-01,)', '用量明细在库保存期限', 'Months that single uses stay in the database before they are archived', 36,
    'month', NULL, 'The market''s own rule; no source was found', false);
ALTER TABLE policy ADD CONSTRAINT policy_usage_retention_is_whole_months CHECK
    (rule <> 'usage_retention' OR (unit = 'month' AND value >= 1 AND value = trunc(value)));

CREATE TABLE usage_archive (
    month date PRIMARY KEY CONSTRAINT usage_archive_month_is_its_first_day CHECK (extract(day FROM month) = 1),
    -- The month of UTC, as its partition had it.
    since timestamptz NOT NULL GENERATED ALWAYS AS (month::timestamp AT TIME ZONE 'UTC') STORED,
    until timestamptz NOT NULL GENERATED ALWAYS AS ((month + interval '1 month') AT TIME ZONE 'UTC') STORED,
    -- A Parquet file sorted by enterprise_id, occurred_at, id and meter.
    sha256 bytea NOT NULL REFERENCES content,
    rows bigint NOT NULL CONSTRAINT usage_archive_rows_positive CHECK (rows > 0),
    archived_at timestamptz NOT NULL
);
CREATE INDEX usage_archive_by_content ON usage_archive (sha256);

-- Events of archived months that an enterprise asked for; forgotten when nobody does for a day.
CREATE TABLE recalled_usage (
    enterprise_id uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    id uuid NOT NULL,
    entitlement_id uuid NOT NULL,
    meter text NOT NULL,
    quantity numeric NOT NULL,
    bytes bigint NOT NULL,
    product_id uuid NOT NULL,
    revision integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    source text,
    source_id text,
    dimensions jsonb NOT NULL,
    value text NOT NULL,
    PRIMARY KEY (enterprise_id, entitlement_id, occurred_at, id, meter)
);

-- Which months of an enterprise are in recalled_usage, with all their events.
CREATE TABLE usage_recall (
    enterprise_id uuid NOT NULL,
    month date NOT NULL REFERENCES usage_archive,
    recalled_at timestamptz NOT NULL,
    used_at timestamptz NOT NULL,
    PRIMARY KEY (enterprise_id, month)
);
CREATE INDEX usage_recall_by_use ON usage_recall (used_at);

-- Takes a month out of the table if it holds as many rows as were archived; answers whether it did. Rows are only ever added.
-- What lies in no partition of its own, being older than the first, is deleted.
CREATE FUNCTION drop_usage_month(month date, archived bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    since timestamptz := month::timestamp AT TIME ZONE 'UTC';
    until timestamptz := (month + interval '1 month') AT TIME ZONE 'UTC';
    own text := format('usage_event_%s', to_char(month, 'YYYY_MM'));
    has_own boolean := to_regclass(own) IS NOT NULL;
    held bigint;
BEGIN
    -- From here on nothing is written to it; who reads is held up only while it goes.
    EXECUTE format('LOCK TABLE %I IN SHARE ROW EXCLUSIVE MODE', CASE WHEN has_own THEN own ELSE 'usage_event_default' END);
    SELECT count(*) INTO held FROM usage_event WHERE occurred_at >= since AND occurred_at < until;
    IF held <> archived THEN
        RETURN false;
    END IF;
    IF has_own THEN
        -- Dropped as it is: detached first it would get foreign keys of its own, whose tables would have to be locked too.
        EXECUTE format('DROP TABLE %I', own);
    ELSE
        DELETE FROM usage_event_default WHERE occurred_at >= since AND occurred_at < until;
    END IF;
    RETURN true;
END $$;
