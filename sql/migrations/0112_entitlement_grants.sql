-- How much an entitlement grants, and which use was taken from which grant.
CREATE TABLE entitlement_grant (
    enterprise_id uuid NOT NULL,
    entitlement_id uuid NOT NULL,
    meter text NOT NULL REFERENCES meter,
    id uuid NOT NULL,
    quantity numeric NOT NULL CONSTRAINT entitlement_grant_positive CHECK (quantity > 0),
    -- It is granted anew when a period, counted from the first moment of `valid`, begins; null: once.
    period text CONSTRAINT entitlement_grant_period_known CHECK (period IN ('day', 'month', 'quarter', 'year')),
    hard boolean NOT NULL,
    -- How much of its own quantity that a period left can be used in the next one.
    carry_over numeric NOT NULL CONSTRAINT entitlement_grant_carry_over_not_negative CHECK (carry_over >= 0),
    -- A lower number is used first; of the same number, what ends first.
    priority smallint NOT NULL,
    valid tstzrange NOT NULL CONSTRAINT entitlement_grant_valid_not_empty CHECK (NOT isempty(valid)),
    -- The period of the last use: its beginning, what was carried into it, and how much of both was used.
    since timestamptz NOT NULL,
    carried numeric NOT NULL DEFAULT 0 CONSTRAINT entitlement_grant_carried_within_limit CHECK (carried BETWEEN 0 AND carry_over),
    used numeric NOT NULL DEFAULT 0 CONSTRAINT entitlement_grant_used_not_negative CHECK (used >= 0),
    -- A top-up: who gave it and why.
    granted_by uuid REFERENCES party,
    reason text CONSTRAINT entitlement_grant_reason_not_blank CHECK (btrim(reason) <> ''),
    granted_at timestamptz NOT NULL,
    PRIMARY KEY (enterprise_id, entitlement_id, meter, id),
    CONSTRAINT entitlement_grant_hard_is_never_exceeded CHECK (NOT hard OR used <= quantity + carried),
    CONSTRAINT entitlement_grant_once_carries_nothing CHECK (period IS NOT NULL OR carry_over = 0),
    CONSTRAINT entitlement_grant_top_up_is_whole CHECK ((granted_by IS NULL) = (reason IS NULL))
);
ALTER TABLE entitlement_grant ADD CONSTRAINT entitlement_grant_entitlement
    FOREIGN KEY (enterprise_id, entitlement_id) REFERENCES entitlement (enterprise_id, id);

CREATE TABLE grant_use (
    enterprise_id uuid NOT NULL,
    entitlement_id uuid NOT NULL,
    meter text NOT NULL,
    grant_id uuid NOT NULL,
    usage_event_id uuid NOT NULL,
    -- The period that it was taken from.
    since timestamptz NOT NULL,
    quantity numeric NOT NULL CONSTRAINT grant_use_positive CHECK (quantity > 0),
    PRIMARY KEY (enterprise_id, entitlement_id, meter, grant_id, usage_event_id)
);
ALTER TABLE grant_use ADD CONSTRAINT grant_use_grant FOREIGN KEY (enterprise_id, entitlement_id, meter, grant_id)
    REFERENCES entitlement_grant (enterprise_id, entitlement_id, meter, id);

-- The beginning of the n-th period after a first moment, in calendar time of Beijing.
CREATE FUNCTION period_start(first timestamptz, period text, n integer) RETURNS timestamptz LANGUAGE sql IMMUTABLE
RETURN CASE period WHEN 'day' THEN first + n * interval '24 hours'
    WHEN 'month' THEN (first AT TIME ZONE 'Asia/Shanghai' + n * interval '1 month') AT TIME ZONE 'Asia/Shanghai'
    WHEN 'quarter' THEN (first AT TIME ZONE 'Asia/Shanghai' + n * interval '3 months') AT TIME ZONE 'Asia/Shanghai'
    WHEN 'year' THEN (first AT TIME ZONE 'Asia/Shanghai' + n * interval '1 year') AT TIME ZONE 'Asia/Shanghai'
    ELSE first END;

-- Calendar months from one moment's month to another's, in Beijing.
CREATE FUNCTION months_between(first timestamptz, moment timestamptz) RETURNS integer LANGUAGE sql IMMUTABLE
RETURN (extract(year FROM moment AT TIME ZONE 'Asia/Shanghai') * 12 + extract(month FROM moment AT TIME ZONE 'Asia/Shanghai')
    - extract(year FROM first AT TIME ZONE 'Asia/Shanghai') * 12
    - extract(month FROM first AT TIME ZONE 'Asia/Shanghai'))::integer;

-- Which period a moment lies in, counted from 0.
CREATE FUNCTION period_number(first timestamptz, period text, moment timestamptz) RETURNS integer LANGUAGE sql IMMUTABLE
RETURN CASE period WHEN 'day' THEN floor(extract(epoch FROM moment - first) / 86400)::integer
    WHEN 'month' THEN months_between(first, moment)
        - (period_start(first, 'month', months_between(first, moment)) > moment)::integer
    WHEN 'quarter' THEN months_between(first, moment) / 3
        - (period_start(first, 'quarter', months_between(first, moment) / 3) > moment)::integer
    WHEN 'year' THEN months_between(first, moment) / 12
        - (period_start(first, 'year', months_between(first, moment) / 12) > moment)::integer
    ELSE 0 END;

-- Until when what runs at a moment is paid for: the trial, the billing period, or the whole term.
CREATE FUNCTION paid_until(valid tstzrange, trial_days integer, billing_period text, moment timestamptz)
RETURNS timestamptz LANGUAGE sql IMMUTABLE
RETURN LEAST(upper(valid), CASE
    WHEN moment < lower(valid) + make_interval(days => COALESCE(trial_days, 0))
        THEN lower(valid) + make_interval(days => trial_days)
    WHEN billing_period IS NOT NULL THEN period_start(lower(valid) + make_interval(days => COALESCE(trial_days, 0)),
        billing_period, 1 + period_number(lower(valid) + make_interval(days => COALESCE(trial_days, 0)), billing_period,
            moment)) END);
