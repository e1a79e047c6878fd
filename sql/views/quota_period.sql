-- What an offer grants in a period of entitlement: its quotas, each with the part of the period it is for. A trial comes
-- first and has its own.
CREATE OR REPLACE FUNCTION quota_period(offer uuid, valid tstzrange, trial_days integer)
RETURNS TABLE (meter text, quantity numeric, period text, hard boolean, carry_over numeric, valid tstzrange)
LANGUAGE sql STABLE AS $$
    SELECT quota.meter, quota.quantity, quota.period, quota.hard,
        CASE WHEN quota.period IS NULL THEN 0 ELSE quota.carry_over END, part.valid
    FROM offer_quota AS quota CROSS JOIN LATERAL (SELECT quota_period.valid * CASE WHEN quota.trial
        THEN tstzrange(NULL, lower(quota_period.valid) + make_interval(days => COALESCE(quota_period.trial_days, 0)))
        ELSE tstzrange(lower(quota_period.valid) + make_interval(days => COALESCE(quota_period.trial_days, 0)), NULL)
        END AS valid) AS part
    WHERE quota.offer_id = quota_period.offer AND NOT isempty(part.valid)
$$;
